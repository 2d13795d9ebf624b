/// Keys by rank, the least first: a heap in which each key has one place. Setting, moving and taking out are
/// O(log n), looking at the first is O(1).
struct KeyedHeap<Key: Hashable & Sendable, Rank: Comparable & Sendable>: Sendable {
  struct Entry: Sendable {
    let key: Key
    fileprivate(set) var rank: Rank
  }

  private var heap: [Entry] = []
  private var placeOf: [Key: Int] = [:]

  var isEmpty: Bool { heap.isEmpty }
  var count: Int { heap.count }

  /// The one with the least rank.
  var first: Entry? { heap.first }

  subscript(key: Key) -> Rank? { placeOf[key].map { heap[$0].rank } }

  /// Adds a key, or gives it another rank.
  mutating func set(_ key: Key, rank: Rank) {
    if let place = placeOf[key] {
      heap[place].rank = rank
      siftDown(siftUp(place))
    } else {
      heap.append(Entry(key: key, rank: rank))
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

  mutating func popFirst() -> Key? {
    guard let first = heap.first else { return nil }
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
    while place > 0, heap[place].rank < heap[(place - 1) / 2].rank {
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
      where child < heap.count && heap[child].rank < heap[least].rank {
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
