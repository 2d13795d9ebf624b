/// The entries of one dictionary at the end of a bencoded document that is being written, in the order in which they
/// came.
struct EncodedEntries {
  private struct Entry {
    /// Where the entry starts in the document.
    let start: Int
    /// The key without its length.
    let key: Range<Int>
    /// Where it came from, for an error.
    let origin: Int
  }

  private var entries: [Entry] = []
  private let start: Int

  /// - Parameter start: where the first entry will start.
  init(after start: Int) { self.start = start }

  var isEmpty: Bool { entries.isEmpty }

  /// Takes note of a key; its value will be what follows.
  mutating func addKey(_ start: Int, content: Range<Int>, at origin: Int) {
    entries.append(Entry(start: start, key: content, origin: origin))
  }

  /// Brings the entries, which reach to the end of `bytes`, into the order of their keys. Returns the origin of a key
  /// that was there before, if there is one.
  func sort(_ bytes: inout [UInt8]) -> Int? {
    var isSorted = true
    for (entry, next) in zip(entries, entries.dropFirst()) {
      guard bytes[entry.key].lexicographicallyPrecedes(bytes[next.key]) else {
        isSorted = false
        break
      }
    }
    if isSorted { return nil }
    let order = entries.indices.sorted { a, b in
      let (first, second) = (bytes[entries[a].key], bytes[entries[b].key])
      if first.lexicographicallyPrecedes(second) { return true }
      return a < b && first.elementsEqual(second)
    }
    for (a, b) in zip(order, order.dropFirst()) where bytes[entries[a].key] == bytes[entries[b].key] {
      return entries[b].origin
    }
    var sorted: [UInt8] = []
    sorted.reserveCapacity(bytes.count - start)
    for index in order {
      let end = index + 1 < entries.count ? entries[index + 1].start : bytes.count
      sorted += bytes[entries[index].start..<end]
    }
    bytes.replaceSubrange(start..., with: sorted)
    return nil
  }
}
