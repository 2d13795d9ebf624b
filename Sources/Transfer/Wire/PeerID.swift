import Metainfo
import Text

/// The 20 bytes by which a client names itself in a handshake and to a tracker (BEP 3, BEP 20).
public struct PeerID: Hashable, Sendable {
  public static let length = 20

  public let bytes: [UInt8]

  /// `nil` unless there are exactly 20 bytes.
  public init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == Self.length else { return nil }
    self.bytes = Array(bytes)
  }

  /// A fresh id of this client: `-TC0100-` for 0.1.0, and twelve random letters and digits.
  public init(using random: inout some RandomNumberGenerator) {
    let letters = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
    let version = (Release.version.filter { $0 != "." } + "0000").prefix(4)
    bytes = Array("-TC\(version)-".utf8) + (0..<12).map { _ in letters.randomElement(using: &random) ?? 48 }
  }

  /// The client's name and version where the id follows the Azureus style of BEP 20 (`-LT2110-…` is
  /// libtorrent 2.1.1), else its printable start.
  public var client: String {
    if bytes[0] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      bytes[1..<7].allSatisfy({ Self.isPrintable($0) })
    {
      let code = String(decoding: bytes[1..<3], as: UTF8.self)
      let version = bytes[3..<7].map { String(UnicodeScalar($0)) }
      let shown = version.last == "0" ? version.dropLast() : version[...]
      return "\(Self.names[code] ?? code) \(shown.joined(separator: "."))"
    }
    let start = bytes.prefix { Self.isPrintable($0) }.prefix(8)
    return start.isEmpty ? "unknown" : String(decoding: start, as: UTF8.self)
  }

  private static func isPrintable(_ byte: UInt8) -> Bool { (0x21...0x7e).contains(byte) }

  private static let names = [
    "TC": "torrentctl", "LT": "libtorrent", "lt": "rTorrent", "TR": "Transmission", "A2": "aria2",
    "qB": "qBittorrent", "DE": "Deluge", "UT": "uTorrent", "AZ": "Vuze", "RQ": "rqbit", "WW": "WebTorrent",
  ]
}
