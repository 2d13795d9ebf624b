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
  init?(_ tokens: [BencodeToken], _ bytes: [UInt8], at index: Int) {
    guard case .dictionary = tokens[index].kind else { return nil }
    var length: Int?
    var pathToken: Int?
    var isPadding = false
    var position = index + 1
    while case .string = tokens[position].kind {
      let value = position + 1
      let start = Int(tokens[position].offset) + tokens[position].payload
      let end = Int(tokens[value].offset)
      switch end - start {
      case 6 where Self.matches(bytes, start, "length"):
        guard case .integer = tokens[value].kind, let read = Self.integer(bytes, end + 1) else { return nil }
        length = read
      case 4 where Self.matches(bytes, start, "path"):
        guard Self.isPlainPath(tokens, bytes, value) else { return nil }
        pathToken = value
      // Behind "path", and mostly the same.
      case 10 where Self.matches(bytes, start, "path.utf-8"):
        guard let own = pathToken, Self.equal(tokens, bytes, own, value) else { return nil }
      case 4 where Self.matches(bytes, start, "attr"):
        guard case .string = tokens[value].kind else { return nil }
        let attributes = bytes[end + tokens[value].payload..<Int(tokens[value + 1].offset)]
        guard !attributes.contains(UInt8(ascii: "l")) else { return nil }
        isPadding = attributes.contains(UInt8(ascii: "p"))
      default: break
      }
      position = value + tokens[value].span
    }
    guard let length, let pathToken else { return nil }
    self.length = length
    self.isPadding = isPadding
    self.pathToken = pathToken
    self.pathStart = Int(tokens[pathToken].offset) + 1
  }

  /// Whether the bytes from `start` on, of which there are as many, are those of the key.
  @inline(__always)
  private static func matches(_ bytes: [UInt8], _ start: Int, _ key: StaticString) -> Bool {
    let expected = key.utf8Start
    for index in 0..<key.utf8CodeUnitCount where bytes[start + index] != expected[index] { return false }
    return true
  }

  /// An integer from 0 to the largest torrent, whose first digit is at `start`.
  @inline(__always)
  private static func integer(_ bytes: [UInt8], _ start: Int) -> Int? {
    var value = 0
    var position = start
    while true {
      let digit = bytes[position] &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      value = value * 10 + Int(digit)
      guard value <= PieceGeometry.maximumTotalLength else { return nil }
      position += 1
    }
    return bytes[position] == UInt8(ascii: "e") ? value : nil
  }

  /// Whether a value is a list of components that a `TorrentPath` has no need to change.
  @inline(__always)
  private static func isPlainPath(_ tokens: [BencodeToken], _ bytes: [UInt8], _ index: Int) -> Bool {
    guard case .list = tokens[index].kind else { return false }
    var position = index + 1
    while case .string = tokens[position].kind {
      let start = Int(tokens[position].offset) + tokens[position].payload
      let end = Int(tokens[position + 1].offset)
      guard TorrentPath.isPlain(bytes, start..<end), !isPadding(bytes, start..<end) else { return false }
      position += 1
    }
    guard case .end = tokens[position].kind else { return false }
    return (1...TorrentPath.maximumDepth).contains(position - index - 1)
  }

  /// Whether two values have the same bytes.
  private static func equal(_ tokens: [BencodeToken], _ bytes: [UInt8], _ a: Int, _ b: Int) -> Bool {
    func range(_ index: Int) -> Range<Int> {
      Int(tokens[index].offset)..<Int(tokens[index + tokens[index].span].offset)
    }
    return bytes[range(a)].elementsEqual(bytes[range(b)])
  }

  /// Whether a component says by its name that it is a pad file, which is for the long way to find out.
  @inline(__always)
  private static func isPadding(_ bytes: [UInt8], _ component: Range<Int>) -> Bool {
    bytes[component.lowerBound] == UInt8(ascii: "_")
      && bytes[component].starts(with: TorrentPath.paddingPrefix.utf8)
  }
}
