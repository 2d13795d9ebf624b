import Bencode

/// A file of version 1's list in the form that nearly all have: a length within the limits and a path that is
/// safe as it stands. Read from the tokens, since this is done a million times for a large torrent.
struct PlainFile {
  /// Bytes.
  let length: Int
  let isPadding: Bool
  /// Where the first component of the path starts in the document.
  let pathStart: Int
  /// The token of the path's list.
  let pathToken: Int

  /// `nil` for any other form, right or wrong. The keys of the document must be sorted, so that none comes twice.
  init?(_ storage: BencodeDocument.Storage, at index: Int) {
    let tokens = storage.tokens
    guard tokens[index].kind == .dictionary else { return nil }
    var length: Int?
    var pathToken: Int?
    var isPadding = false
    var position = index + 1
    while tokens[position].kind != .end {
      let value = position + 1
      let start = Int(tokens[position].offset) + tokens[position].payload
      let key = start..<Int(tokens[value].offset)
      if Self.equal(storage.bytes, key, "length") {
        length = Self.length(storage, value)
        guard length != nil else { return nil }
      } else if Self.equal(storage.bytes, key, "path") {
        guard Self.isPlain(storage, value) else { return nil }
        pathToken = value
      } else if Self.equal(storage.bytes, key, "attr") {
        guard let attributes = BencodeNode(storage: storage, index: value).string,
          !attributes.contains(UInt8(ascii: "l"))
        else { return nil }
        isPadding = attributes.contains(UInt8(ascii: "p"))
      }
      position = value + tokens[value].span
    }
    guard let length, let pathToken else { return nil }
    self.length = length
    self.isPadding = isPadding
    self.pathToken = pathToken
    self.pathStart = Int(tokens[pathToken].offset) + 1
  }

  @inline(__always)
  private static func equal(_ bytes: [UInt8], _ range: Range<Int>, _ key: StaticString) -> Bool {
    guard range.count == key.utf8CodeUnitCount else { return false }
    var index = range.lowerBound
    return key.withUTF8Buffer { key in
      for byte in key {
        if bytes[index] != byte { return false }
        index += 1
      }
      return true
    }
  }

  /// An integer from 0 to the largest torrent.
  private static func length(_ storage: BencodeDocument.Storage, _ index: Int) -> Int? {
    guard storage.tokens[index].kind == .integer else { return nil }
    var value = 0
    var position = Int(storage.tokens[index].offset) + 1
    while true {
      let digit = storage.bytes[position] &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      value = value * 10 + Int(digit)
      guard value <= PieceGeometry.maximumTotalLength else { return nil }
      position += 1
    }
    return storage.bytes[position] == UInt8(ascii: "e") ? value : nil
  }

  /// Whether a value is a list of components that a `TorrentPath` has no need to change.
  private static func isPlain(_ storage: BencodeDocument.Storage, _ index: Int) -> Bool {
    let tokens = storage.tokens
    guard tokens[index].kind == .list else { return false }
    var position = index + 1
    while tokens[position].kind == .string {
      let start = Int(tokens[position].offset) + tokens[position].payload
      let component = start..<Int(tokens[position + 1].offset)
      guard TorrentPath.isPlain(storage.bytes, component) else { return false }
      position += 1
    }
    return tokens[position].kind == .end && (1...TorrentPath.maximumDepth).contains(position - index - 1)
  }
}
