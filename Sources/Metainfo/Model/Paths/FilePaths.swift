/// The paths of a torrent's files, as values or still as they stand in the torrent.
enum FilePaths: Sendable {
  case listed([TorrentPath])
  case encoded(EncodedPaths)

  subscript(_ index: Int) -> TorrentPath {
    switch self {
    case .listed(let paths): paths[index]
    case .encoded(let paths): paths[index]
    }
  }
}

/// Paths that lie in the bytes of a torrent as bencoded lists of strings, which are known to be safe as they
/// are. A million of them cost four bytes each, where as values they would be several allocations each.
final class EncodedPaths: Sendable {
  let bytes: [UInt8]
  /// Where the first component of each path starts.
  private let starts: [UInt32]
  /// Paths that are not what the torrent says, by the number of the file.
  private let replaced: [Int: TorrentPath]

  init(bytes: [UInt8], starts: [UInt32], replaced: [Int: TorrentPath]) {
    self.bytes = bytes
    self.starts = starts
    self.replaced = replaced
  }

  /// O(length of the path).
  subscript(_ index: Int) -> TorrentPath {
    if !replaced.isEmpty, let path = replaced[index] { return path }
    var components: [String] = []
    forEachComponent(of: index) { components.append(String(decoding: bytes[$0], as: UTF8.self)) }
    return TorrentPath(unchecked: components)
  }

  /// Appends where in `bytes` the components are; false for a path that is not what the torrent says.
  func appendRanges(of index: Int, to ranges: inout [Range<Int>]) -> Bool {
    guard replaced.isEmpty || replaced[index] == nil else { return false }
    forEachComponent(of: index) { ranges.append($0) }
    return true
  }

  @inline(__always)
  private func forEachComponent(of index: Int, _ body: (Range<Int>) -> Void) {
    var position = Int(starts[index])
    // The scanner has seen every byte of this: a list of strings that ends.
    while bytes[position] != UInt8(ascii: "e") {
      var length = 0
      while bytes[position] != UInt8(ascii: ":") {
        length = length * 10 + Int(bytes[position] &- UInt8(ascii: "0"))
        position += 1
      }
      let content = position + 1..<position + 1 + length
      body(content)
      position = content.upperBound
    }
  }
}
