/// A DHT node that a torrent names to start from (BEP 5).
public struct BootstrapNode: Hashable, Sendable {
  /// A host name or address, as the file has it.
  public let host: String
  /// Not 0.
  public let port: UInt16

  /// An IPv6 address may have the brackets that it has in a URL; they are not kept.
  ///
  /// `nil` for port 0, and for what can be no host.
  public init?(host: String, port: UInt16) {
    let isBracketed = host.hasPrefix("[") && host.hasSuffix("]") && host.utf8.contains(UInt8(ascii: ":"))
    let host = isBracketed ? String(host.dropFirst().dropLast()) : host
    guard !host.isEmpty, port != 0, !host.unicodeScalars.contains(where: Self.isForbidden) else { return nil }
    self.host = host
    self.port = port
  }

  private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value <= 0x20 || scalar.value == 0x7F || "[]/?#@\\".unicodeScalars.contains(scalar)
  }
}
