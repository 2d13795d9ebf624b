/// Moments by what they belong to, the earliest first: a heap in which each key has one place. Setting, moving and
/// taking out are O(log n), looking at the first is O(1).
struct Deadlines<Key: Hashable & Sendable>: Sendable {
  private struct Entry {
    let key: Key
    var due: Instant
  }

  private var heap: [Entry] = []
  private var placeOf: [Key: Int] = [:]

  var isEmpty: Bool { heap.isEmpty }
  var count: Int { heap.count }

  /// The earliest.
  var first: Instant? { heap.first?.due }

  subscript(key: Key) -> Instant? { placeOf[key].map { heap[$0].due } }

  /// Adds a key, or moves it to another moment.
  mutating func set(_ key: Key, due: Instant) {
    if let place = placeOf[key] {
      heap[place].due = due
      siftDown(siftUp(place))
    } else {
      heap.append(Entry(key: key, due: due))
      placeOf[key] = heap.count - 1
      siftUp(heap.count - 1)
    }
  }

  /// Says whether it was there.
  mutating func remove(_ key: Key) -> Bool {
    guard let place = placeOf.removeValue(forKey: key) else { return false }
    let last = heap.removeLast()
    guard place < heap.count else { return true }
    put(last, at: place)
    siftDown(siftUp(place))
    return true
  }

  /// Takes out the earliest key whose moment has come.
  mutating func popDue(at now: Instant) -> Key? {
    guard let first = heap.first, first.due <= now else { return nil }
    _ = remove(first.key)
    return first.key
  }

  private mutating func put(_ entry: Entry, at place: Int) {
    heap[place] = entry
    placeOf[entry.key] = place
  }

  @discardableResult
  private mutating func siftUp(_ start: Int) -> Int {
    var place = start
    while place > 0, heap[place].due < heap[(place - 1) / 2].due {
      swapPlaces(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
    return place
  }

  private mutating func siftDown(_ start: Int) {
    var place = start
    while true {
      var least = place
      for child in [2 * place + 1, 2 * place + 2]
      where child < heap.count && heap[child].due < heap[least].due {
        least = child
      }
      guard least != place else { return }
      swapPlaces(place, least)
      place = least
    }
  }

  private mutating func swapPlaces(_ a: Int, _ b: Int) {
    let entry = heap[a]
    put(heap[b], at: a)
    put(entry, at: b)
  }
}
