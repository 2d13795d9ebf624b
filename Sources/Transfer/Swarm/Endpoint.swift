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
      high = 0
      low = bytes.reduce(0) { $0 << 8 | UInt64($1) }
      isIPv4 = true
    case 16:
      let upper = bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      let lower = bytes.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      if upper == 0, lower >> 32 == 0xffff {
        high = 0
        low = lower & 0xffff_ffff
        isIPv4 = true
      } else {
        high = upper
        low = lower
        isIPv4 = false
      }
    default:
      return nil
    }
  }

  /// 4 or 16 bytes in network order.
  public var bytes: [UInt8] {
    if isIPv4 { return (0..<4).map { UInt8(truncatingIfNeeded: low >> (24 - 8 * UInt64($0))) } }
    return [high, low].flatMap { half in
      (0..<8).map { UInt8(truncatingIfNeeded: half >> (56 - 8 * UInt64($0))) }
    }
  }

  public static let loopbackIPv4 = IPAddress([127, 0, 0, 1])!
}

extension IPAddress {
  /// An address of this machine itself: 127.0.0.0/8 or ::1.
  public var isLoopback: Bool {
    isIPv4 ? low >> 24 == 127 : high == 0 && low == 1
  }
}
