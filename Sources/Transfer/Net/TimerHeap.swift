/// Names a timer of an event loop. Holding one keeps nothing alive; one that has fired or was cancelled names
/// nothing, also when its place has been taken by another.
struct Timer: Hashable, Sendable {
  fileprivate let slot: Int32
  fileprivate let generation: UInt32
}

/// Timers ordered by when they are due, and by age among equals. Each knows its place in the heap, so that a
/// cancelled one leaves at once: adding, cancelling and taking the first are O(log n).
struct TimerHeap {
  private struct Entry {
    let due: Instant
    let sequence: UInt64
    let slot: Int32

    func isBefore(_ other: Entry) -> Bool {
      due == other.due ? sequence < other.sequence : due < other.due
    }
  }

  private struct Slot {
    var generation: UInt32 = 0
    /// Index into the heap; meaningful while there is a body.
    var position = 0
    var body: (() -> Void)?
  }

  private var heap: [Entry] = []
  private var slots: [Slot] = []
  private var free: [Int32] = []
  private var sequence: UInt64 = 0

  var isEmpty: Bool { heap.isEmpty }
  var count: Int { heap.count }
  /// When the first one is due.
  var firstDue: Instant? { heap.first?.due }

  mutating func add(due: Instant, _ body: @escaping () -> Void) -> Timer {
    let slot: Int32
    if let reused = free.popLast() {
      slot = reused
    } else {
      slot = Int32(slots.count)
      slots.append(Slot())
    }
    slots[Int(slot)].body = body
    sequence += 1
    heap.append(Entry(due: due, sequence: sequence, slot: slot))
    slots[Int(slot)].position = heap.count - 1
    rise(from: heap.count - 1)
    return Timer(slot: slot, generation: slots[Int(slot)].generation)
  }

  /// The body, for the caller to let go of when this heap is not being changed any more, since its end may come
  /// back here; `nil` when the timer has fired or was cancelled before.
  mutating func cancel(_ timer: Timer) -> (() -> Void)? {
    let slot = Int(timer.slot)
    guard slots.indices.contains(slot), slots[slot].generation == timer.generation, slots[slot].body != nil
    else { return nil }
    return remove(at: slots[slot].position)
  }

  /// Names the timers that have been added so far.
  var mark: UInt64 { sequence }

  /// Takes out the first timer when it is due at `now`.
  /// - Parameter mark: only a timer that had been added by then, so that one which adds the next at once does not
  ///   keep its loop for ever.
  mutating func takeDue(at now: Instant, addedBy mark: UInt64 = .max) -> (() -> Void)? {
    guard let first = heap.first, first.due <= now, first.sequence <= mark else { return nil }
    return remove(at: 0)
  }

  private mutating func remove(at position: Int) -> (() -> Void)? {
    let slot = heap[position].slot
    let last = heap.removeLast()
    if position < heap.count {
      heap[position] = last
      slots[Int(last.slot)].position = position
      rise(from: position)
      sink(from: slots[Int(last.slot)].position)
    }
    free.append(slot)
    slots[Int(slot)].generation &+= 1
    return slots[Int(slot)].body.take()
  }

  private mutating func rise(from start: Int) {
    var position = start
    while position > 0 {
      let parent = (position - 1) / 2
      guard heap[position].isBefore(heap[parent]) else { return }
      exchange(position, parent)
      position = parent
    }
  }

  private mutating func sink(from start: Int) {
    var position = start
    while true {
      var first = position
      for child in 2 * position + 1...2 * position + 2 where child < heap.count {
        if heap[child].isBefore(heap[first]) { first = child }
      }
      guard first != position else { return }
      exchange(position, first)
      position = first
    }
  }

  private mutating func exchange(_ a: Int, _ b: Int) {
    heap.swapAt(a, b)
    slots[Int(heap[a].slot)].position = a
    slots[Int(heap[b].slot)].position = b
  }
}
