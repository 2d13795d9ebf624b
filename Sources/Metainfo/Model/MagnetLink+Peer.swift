import Text

extension MagnetLink {
  /// Where a peer is: a host name or address, and a port.
  public struct Peer: Hashable, Sendable, CustomStringConvertible {
    /// An IPv6 address without its brackets.
    public let host: String
    /// Not 0.
    public let port: UInt16

    /// `nil` for port 0, and for a host that is neither a name nor an address by the look of it.
    public init?(host: String, port: UInt16) {
      guard port != 0, Self.isName(host) || Self.isAddressV6(host) else { return nil }
      self.host = host
      self.port = port
    }

    /// Reads `HOST:PORT`, an IPv6 address in brackets (`[::1]:6881`).
    public init?(_ text: String) {
      guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")) else { return nil }
      let digits = text.utf8[text.utf8.index(after: colon)...]
      guard (1...5).contains(digits.count), digits.allSatisfy(Self.isDigit),
        let port = UInt16(String(decoding: digits, as: UTF8.self))
      else { return nil }
      let host = text[..<colon]
      if host.hasPrefix("["), host.hasSuffix("]") {
        let address = String(host.dropFirst().dropLast())
        guard Self.isAddressV6(address) else { return nil }
        self.init(host: address, port: port)
      } else {
        // Which of several colons begins the port can't be told.
        guard Self.isName(String(host)) else { return nil }
        self.init(host: String(host), port: port)
      }
    }

    /// As it is read: `192.0.2.7:6881`, `[::1]:6881`.
    public var description: String {
      host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// Letters, digits, dots, dashes and low lines.
    private static func isName(_ host: String) -> Bool {
      (1...253).contains(host.utf8.count)
        && host.utf8.allSatisfy { byte in
          isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
            || [UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_")].contains(byte)
        }
    }

    /// Groups of digits between colons, with an IPv4 address at the end or not.
    private static func isAddressV6(_ host: String) -> Bool {
      host.utf8.count <= 45 && host.utf8.count(where: { $0 == UInt8(ascii: ":") }) >= 2
        && host.utf8.allSatisfy {
          Hexadecimal.value($0) != nil || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".")
        }
    }
  }
}
