/// A DHT node that a torrent names to start from (BEP 5).
public struct BootstrapNode: Hashable, Sendable {
  /// A host name or address, as the file has it.
  public let host: String
  /// Not 0.
  public let port: UInt16

  /// `nil` for port 0 or an empty host.
  public init?(host: String, port: UInt16) {
    guard !host.isEmpty, port != 0 else { return nil }
    self.host = host
    self.port = port
  }
}
