import Text

/// A checked `http` URL: where to connect and what to ask for.
///
/// Every part is safe to write into a request: no control character, space or byte outside ASCII is left in
/// any of them (what may stand percent-encoded is encoded, the rest is refused).
public struct HTTPURL: Hashable, Sendable {
  /// Bytes of text an URL may have; a longer one is refused unread.
  public static let lengthLimit = 4096

  /// A name in lower case, or the text of an IP address without brackets.
  public let host: String
  /// The host, when it is written as an address.
  public let address: IPAddress?
  public let port: UInt16
  /// Path and query as they go into a request line; begins with "/".
  public let target: String
  /// `user:password`, percent-decoded, when the URL has them. Kept out of `description`.
  let credentials: [UInt8]?

  init(host: String, address: IPAddress?, port: UInt16, target: String, credentials: [UInt8]?) {
    self.host = host
    self.address = address
    self.port = port
    self.target = target
    self.credentials = credentials
  }

  public init(_ text: String) throws(HTTPURLError) {
    let bytes = Array(text.utf8)
    guard bytes.count <= Self.lengthLimit else { throw .tooLong }
    guard !bytes.contains(where: { $0 < 0x20 || $0 == 0x7f }) else { throw .controlCharacter }

    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes[(colon + 1)...].starts(with: "//".utf8)
    else { throw .noScheme }
    let scheme = String(decoding: bytes[..<colon], as: UTF8.self).lowercased()
    guard scheme == "http" else { throw scheme.isEmpty ? .noScheme : .unsupportedScheme(scheme) }

    let rest = bytes[(colon + 3)...]
    let authorityEnd = rest.firstIndex {
      $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#")
    }
    var authority = rest[..<(authorityEnd ?? rest.endIndex)]

    var credentials: [UInt8]?
    if let at = authority.lastIndex(of: UInt8(ascii: "@")) {
      let user = PercentEncoding.decodedLeniently(authority[..<at])
      credentials = user.isEmpty ? nil : user
      authority = authority[(at + 1)...]
    }
    let (host, address, port) = try Self.hostAndPort(authority)
    self.init(
      host: host, address: address, port: port,
      target: Self.target(rest[(authorityEnd ?? rest.endIndex)...]), credentials: credentials)
  }

  /// `http://host:port/path?query`, without the credentials; the port only when it is not 80.
  public var description: String { "http://\(hostField)\(target)" }

  /// The `Host` field of a request (RFC 9110, 7.2).
  var hostField: String {
    let name = address.map { $0.isIPv4 } == false ? "[\(host)]" : host
    return port == 80 ? name : "\(name):\(port)"
  }

  /// The same resource with more of a query: an existing query stays, and comes first.
  public func appendingQuery(_ query: String) -> HTTPURL {
    let joint =
      !target.utf8.contains(UInt8(ascii: "?"))
      ? "?" : target.hasSuffix("?") || target.hasSuffix("&") ? "" : "&"
    return withTarget(target + joint + query)
  }

  func withTarget(_ target: String) -> HTTPURL {
    HTTPURL(host: host, address: address, port: port, target: target, credentials: credentials)
  }

  /// Path and query without the fragment, made fit for a request line.
  static func target(_ bytes: ArraySlice<UInt8>) -> String {
    let kept = bytes.prefix { $0 != UInt8(ascii: "#") }
    let path = PercentEncoding.completed(kept)
    return path.utf8.first == UInt8(ascii: "/") ? path : "/" + path
  }

  private static func hostAndPort(
    _ authority: ArraySlice<UInt8>
  ) throws(HTTPURLError) -> (host: String, address: IPAddress?, port: UInt16) {
    let name: ArraySlice<UInt8>
    var portText: ArraySlice<UInt8>?
    if authority.first == UInt8(ascii: "[") {
      guard let close = authority.firstIndex(of: UInt8(ascii: "]")) else { throw .badHost }
      name = authority[(authority.startIndex + 1)..<close]
      let after = authority[(close + 1)...]
      if let first = after.first {
        guard first == UInt8(ascii: ":") else { throw .badHost }
        portText = after.dropFirst()
      }
      let text = String(decoding: name, as: UTF8.self).lowercased()
      guard name.contains(UInt8(ascii: ":")), let address = IPAddress(text: text) else { throw .badHost }
      // A mapped IPv4 address is held as IPv4 and is then written as such.
      let host = address.isIPv4 ? address.bytes.map { String($0) }.joined(separator: ".") : text
      return (host, address, try port(portText))
    }
    let colon = authority.firstIndex(of: UInt8(ascii: ":"))
    name = authority[..<(colon ?? authority.endIndex)]
    if let colon { portText = authority[(colon + 1)...] }
    guard !name.isEmpty, name.count <= 253, name.allSatisfy(isHostCharacter) else { throw .badHost }
    let host = String(decoding: name, as: UTF8.self).lowercased()
    return (host, IPAddress(text: host), try port(portText))
  }

  /// An absent or empty port is 80 (RFC 3986 allows "host:").
  private static func port(_ text: ArraySlice<UInt8>?) throws(HTTPURLError) -> UInt16 {
    guard let text, !text.isEmpty else { return 80 }
    guard let port = DecimalNumber.parse(text, upTo: 65535), port > 0 else { throw .badPort }
    return UInt16(port)
  }

  private static func isHostCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}

extension HTTPURL: CustomStringConvertible {}

/// Why a text is no URL that can be asked.
public enum HTTPURLError: Error, Hashable, Sendable, CustomStringConvertible {
  case tooLong, controlCharacter, noScheme, badHost, badPort
  case unsupportedScheme(String)

  public var description: String {
    switch self {
    case .tooLong: "URL longer than \(HTTPURL.lengthLimit) bytes"
    case .controlCharacter: "URL with a control character"
    case .noScheme: "not a URL"
    case .badHost: "URL with a bad host"
    case .badPort: "URL with a bad port"
    case .unsupportedScheme(let scheme):
      scheme.utf8.count <= 16 ? "\(scheme) is not supported" : "the scheme is not supported"
    }
  }
}
