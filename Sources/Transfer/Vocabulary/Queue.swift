/// First in, first out, and now and then something is taken out of the middle.
struct Queue<Element> {
  private var storage: [Element] = []
  /// What is before this has been taken out.
  private var head = 0

  /// Taken places are given back when there are so many, and no fewer than what waits: each element is moved once or twice.
  private static var slack: Int { 256 }

  /// What waits, the oldest first.
  var elements: ArraySlice<Element> { storage[head...] }
  var count: Int { storage.count - head }
  var isEmpty: Bool { head == storage.count }

  mutating func append(_ element: Element) { storage.append(element) }

  mutating func popFirst() -> Element? {
    guard head < storage.count else { return nil }
    let first = storage[head]
    dropFirst()
    return first
  }

  /// - Parameter index: one of those of `elements`. O(1) for the first, otherwise O(n).
  mutating func remove(at index: Int) {
    if index == head { dropFirst() } else { storage.remove(at: index) }
  }

  mutating func removeAll() -> [Element] {
    defer {
      storage.removeAll(keepingCapacity: true)
      head = 0
    }
    return Array(elements)
  }

  private mutating func dropFirst() {
    head += 1
    if head == storage.count {
      storage.removeAll(keepingCapacity: true)
      head = 0
    } else if head >= Self.slack, head >= count {
      storage.removeFirst(head)
      head = 0
    }
  }
}
