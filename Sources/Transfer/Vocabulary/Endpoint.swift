/// An IP address and a TCP or UDP port: where a peer or a tracker is.
public struct Endpoint: Hashable, Sendable {
  public let address: IPAddress
  public let port: UInt16

  public init(_ address: IPAddress, port: UInt16) {
    self.address = address
    self.port = port
  }
}

/// An IPv4 or IPv6 address. An IPv4 address mapped into IPv6 (`::ffff:a.b.c.d`) is held as IPv4, so that a peer
/// has one spelling only.
public struct IPAddress: Hashable, Sendable {
  // Both halves in network order; an IPv4 address has `high` 0 and lies in the low 32 bits of `low`.
  let high: UInt64
  let low: UInt64
  public let isIPv4: Bool

  /// `nil` unless there are 4 or 16 bytes, in network order.
  public init?(_ bytes: some Collection<UInt8>) {
    switch bytes.count {
    case 4:
      self.init(ipv4: bytes.reduce(0) { $0 << 8 | UInt32($1) })
    case 16:
      self.init(
        ipv6High: bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) },
        low: bytes.suffix(8).reduce(0) { $0 << 8 | UInt64($1) })
    default:
      return nil
    }
  }

  /// From the 32 bits of an IPv4 address, the first byte highest.
  init(ipv4: UInt32) {
    high = 0
    low = UInt64(ipv4)
    isIPv4 = true
  }

  /// From the two halves of an IPv6 address, the first byte highest.
  init(ipv6High high: UInt64, low: UInt64) {
    isIPv4 = high == 0 && low >> 32 == 0xffff
    self.high = high
    self.low = isIPv4 ? low & 0xffff_ffff : low
  }

  /// 4 or 16 bytes in network order.
  public var bytes: [UInt8] {
    if isIPv4 { return (0..<4).map { UInt8(truncatingIfNeeded: low >> (24 - 8 * UInt64($0))) } }
    return [high, low].flatMap { half in
      (0..<8).map { UInt8(truncatingIfNeeded: half >> (56 - 8 * UInt64($0))) }
    }
  }

  public static let loopbackIPv4 = IPAddress(ipv4: 0x7f00_0001)
  public static let loopbackIPv6 = IPAddress(ipv6High: 0, low: 1)
  /// 0.0.0.0: every IPv4 address of this machine.
  public static let anyIPv4 = IPAddress(ipv4: 0)
  /// `::`: every IPv6 address of this machine.
  public static let anyIPv6 = IPAddress(ipv6High: 0, low: 0)
}

extension IPAddress {
  /// An address of this machine itself: 127.0.0.0/8 or ::1.
  public var isLoopback: Bool {
    isIPv4 ? low >> 24 == 127 : high == 0 && low == 1
  }
}
