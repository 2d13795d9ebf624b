/// Moments by what they belong to, the earliest first. Setting, moving and taking out are O(log n), looking at the first
/// is O(1).
struct Deadlines<Key: Hashable & Sendable>: Sendable {
  private var heap = KeyedHeap<Key, Instant>()

  var isEmpty: Bool { heap.isEmpty }
  var count: Int { heap.count }

  /// The earliest.
  var first: Instant? { heap.first?.rank }

  subscript(key: Key) -> Instant? { heap[key] }

  /// Adds a key, or moves it to another moment.
  mutating func set(_ key: Key, due: Instant) { heap.set(key, rank: due) }

  /// Says whether it was there.
  mutating func remove(_ key: Key) -> Bool { heap.remove(key) }

  /// Takes out the earliest key whose moment has come.
  mutating func popDue(at now: Instant) -> Key? {
    guard let first, first <= now else { return nil }
    return heap.popFirst()
  }
}
