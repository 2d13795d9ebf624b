import Metainfo
import Text

/// "I have these torrents, and accept peers at this port", to everyone on the local network (BEP 14).
///
/// The text has the form of an HTTP request, sent as one datagram to a multicast group.
public struct LocalDiscoveryMessage: Hashable, Sendable {
  /// Bytes of a datagram that is read; a longer one is none of this protocol (BEP 14 allows 1400).
  public static let readLimit = 2048

  /// Where the sender accepts peers; never 0.
  public var port: UInt16
  public var infoHashes: [InfoHash]
  /// By which a sender knows its own messages when they come back: 1 to 64 printable characters of ASCII, no space at
  /// either end.
  public let cookie: String?

  /// - Parameter cookie: one that could not be sent as it is counts as none.
  public init(port: UInt16, infoHashes: [InfoHash], cookie: String? = nil) {
    self.port = port
    self.infoHashes = infoHashes
    self.cookie = cookie.flatMap { Self.canBeSent($0) ? $0 : nil }
  }

  /// A line break within a cookie would make two lines of one, a lone return end the line early; and it is kept for each
  /// neighbour.
  private static func canBeSent(_ cookie: String) -> Bool {
    (1...64).contains(cookie.utf8.count) && cookie.utf8.allSatisfy { (0x20...0x7e).contains($0) }
      && cookie.first != " " && cookie.last != " "
  }

  /// The datagram for a group. The spelling of names, the upper-case digits and both empty lines at the end
  /// are what old clients look for; they also want one info-hash a message and at most 200 bytes.
  public func encoded(for group: LocalDiscoveryGroup) -> [UInt8] {
    var lines = ["BT-SEARCH * HTTP/1.1", "Host: \(group.host)", "Port: \(port)"]
    lines += infoHashes.map { "Infohash: \($0.description.uppercased())" }
    if let cookie { lines.append("cookie: \(cookie)") }
    return Array((lines.joined(separator: "\r\n") + "\r\n\r\n\r\n").utf8)
  }

  /// `nil` unless the datagram is a search with a port and at least one info-hash. Names are read in any
  /// case, lines with or without a carriage return; unknown fields, bad info-hashes and bad cookies are skipped.
  /// O(bytes)
  public init?(decoding bytes: some Collection<UInt8>) {
    guard bytes.count <= Self.readLimit else { return nil }
    let lines = bytes.split(separator: 0x0a, omittingEmptySubsequences: false).map { line in
      line.last == 0x0d ? line.dropLast() : line
    }
    guard let first = lines.first, first.elementsEqual("BT-SEARCH * HTTP/1.1".utf8) else { return nil }
    var port: UInt16?
    var infoHashes: [InfoHash] = []
    var cookie: String?
    for line in lines.dropFirst() {
      // An empty line ends the fields.
      guard !line.isEmpty else { break }
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
      let value = HTTPResponseParser.trimmed(Array(line[line.index(after: colon)...])[...])
      switch String(decoding: line[..<colon], as: UTF8.self).lowercased() {
      case "port":
        guard let number = DecimalNumber.parse(value.utf8, upTo: 65535), number > 0 else { return nil }
        port = UInt16(number)
      case "infohash":
        if let hash = Self.infoHash(value), !infoHashes.contains(hash) { infoHashes.append(hash) }
      case "cookie":
        cookie = value
      default:
        break
      }
    }
    guard let port, !infoHashes.isEmpty else { return nil }
    self.init(port: port, infoHashes: infoHashes, cookie: cookie)
  }

  private static func infoHash(_ text: String) -> InfoHash? {
    let digits = text.utf8.compactMap { Hexadecimal.value($0) }
    guard digits.count == 40, text.utf8.count == 40 else { return nil }
    return InfoHash(stride(from: 0, to: 40, by: 2).map { digits[$0] << 4 | digits[$0 + 1] })
  }
}
