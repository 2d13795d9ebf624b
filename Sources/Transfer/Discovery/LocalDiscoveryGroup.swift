/// The multicast groups of local service discovery (BEP 14).
public enum LocalDiscoveryGroup: Hashable, Sendable, CaseIterable {
  case ipv4, ipv6

  public static let port: UInt16 = 6771

  public var endpoint: Endpoint {
    switch self {
    case .ipv4: Endpoint(IPAddress([239, 192, 152, 143])!, port: Self.port)
    case .ipv6:
      Endpoint(
        IPAddress([0xff, 0x15, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xef, 0xc0, 0x98, 0x8f])!, port: Self.port)
    }
  }

  /// As the `Host` field has it.
  var host: String {
    switch self {
    case .ipv4: "239.192.152.143:6771"
    case .ipv6: "[ff15::efc0:988f]:6771"
    }
  }
}
