#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An endpoint in the form that system calls take.
struct SocketAddress {
  private var storage = sockaddr_storage()
  private(set) var length: socklen_t

  /// Room for what a call is about to fill in.
  init() { length = socklen_t(MemoryLayout<sockaddr_storage>.size) }

  /// - Parameter scope: the interface index of a link-local IPv6 address, otherwise 0.
  init(_ endpoint: Endpoint, scope: UInt32 = 0) {
    if endpoint.address.isIPv4 {
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = endpoint.port.bigEndian
      address.sin_addr = endpoint.address.in4
      length = socklen_t(MemoryLayout<sockaddr_in>.size)
      withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: address, as: sockaddr_in.self) }
    } else {
      var address = sockaddr_in6()
      address.sin6_family = sa_family_t(AF_INET6)
      address.sin6_port = endpoint.port.bigEndian
      address.sin6_addr = endpoint.address.in6
      address.sin6_scope_id = scope
      length = socklen_t(MemoryLayout<sockaddr_in6>.size)
      withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: address, as: sockaddr_in6.self) }
    }
  }

  /// What `getifaddrs` and `getaddrinfo` point at; `nil` for another family.
  static func endpoint(at pointer: UnsafePointer<sockaddr>) -> Endpoint? {
    let raw = UnsafeRawPointer(pointer)
    switch Int32(pointer.pointee.sa_family) {
    case AF_INET:
      let address = raw.loadUnaligned(as: sockaddr_in.self)
      return Endpoint(IPAddress(address.sin_addr), port: UInt16(bigEndian: address.sin_port))
    case AF_INET6:
      let address = raw.loadUnaligned(as: sockaddr_in6.self)
      return Endpoint(IPAddress(address.sin6_addr), port: UInt16(bigEndian: address.sin6_port))
    default:
      return nil
    }
  }

  /// `nil` for another family than IPv4 and IPv6.
  var endpoint: Endpoint? {
    var copy = storage
    return withUnsafePointer(to: &copy) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { Self.endpoint(at: $0) }
    }
  }

  func withPointer<R>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
    var copy = storage
    return withUnsafePointer(to: &copy) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
    }
  }

  mutating func withMutablePointer<R>(
    _ body: (UnsafeMutablePointer<sockaddr>, inout socklen_t) -> R
  ) -> R {
    var length = self.length
    defer { self.length = length }
    return withUnsafeMutablePointer(to: &storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, &length) }
    }
  }
}

extension IPAddress {
  init(_ address: in_addr) { self.init(ipv4: UInt32(bigEndian: address.s_addr)) }

  init(_ address: in6_addr) {
    (self) = withUnsafeBytes(of: address) {
      IPAddress(
        ipv6High: UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)),
        low: UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    }
  }

  /// Meaningful for an IPv4 address.
  var in4: in_addr { in_addr(s_addr: UInt32(truncatingIfNeeded: low).bigEndian) }

  /// An IPv4 address comes out in its mapped form.
  var in6: in6_addr {
    var address = in6_addr()
    let halves = isIPv4 ? (0, 0xffff_0000_0000 | low) : (high, low)
    withUnsafeMutableBytes(of: &address) {
      $0.storeBytes(of: halves.0.bigEndian, as: UInt64.self)
      $0.storeBytes(of: halves.1.bigEndian, toByteOffset: 8, as: UInt64.self)
    }
    return address
  }
}
