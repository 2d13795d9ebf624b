import Transfer

/// Events in the order of their time, and of their insertion among equals. O(log n).
struct EventQueue<Event> {
  private var heap: [(time: Instant, number: Int, event: Event)] = []
  private var inserted = 0

  var nextTime: Instant? { heap.first?.time }

  mutating func push(_ event: Event, at time: Instant) {
    inserted += 1
    heap.append((time, inserted, event))
    var child = heap.count - 1
    while child > 0, isBefore(child, (child - 1) / 2) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func pop() -> (time: Instant, event: Event)? {
    guard !heap.isEmpty else { return nil }
    heap.swapAt(0, heap.count - 1)
    let top = heap.removeLast()
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && isBefore(child, least) {
        least = child
      }
      if least == parent { break }
      heap.swapAt(parent, least)
      parent = least
    }
    return (top.time, top.event)
  }

  private func isBefore(_ a: Int, _ b: Int) -> Bool {
    heap[a].time != heap[b].time ? heap[a].time < heap[b].time : heap[a].number < heap[b].number
  }
}
