import CLinux
import Platform

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Making sockets, and asking about them. Every descriptor is non-blocking and closed on exec.
enum Socket {
  // Glibc's enumerations and macros, in the types that the calls take.
  static let stream = Int32(SOCK_STREAM.rawValue)
  static let datagram = Int32(SOCK_DGRAM.rawValue)
  private static let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
  private static let tcp = Int32(IPPROTO_TCP)
  private static let ipv6 = Int32(IPPROTO_IPV6)

  static func open(_ kind: Int32, for address: IPAddress) throws(SystemError) -> Descriptor {
    let raw = socket(address.isIPv4 ? AF_INET : AF_INET6, kind | flags, 0)
    guard raw >= 0 else { throw .last("socket") }
    return Descriptor(owning: raw)
  }

  /// A TCP socket that accepts at `endpoint`; port 0 lets the system choose. One on `::` takes IPv6 alone, so
  /// that a second one on 0.0.0.0 can have the same port.
  static func listen(at endpoint: Endpoint, backlog: Int32 = 128) throws(SystemError) -> Descriptor {
    let descriptor = try open(stream, for: endpoint.address)
    try set(descriptor.raw, SOL_SOCKET, SO_REUSEADDR, Int32(1))
    if !endpoint.address.isIPv4 { try set(descriptor.raw, ipv6, IPV6_V6ONLY, Int32(1)) }
    try bind(descriptor.raw, to: endpoint)
    guard listening(descriptor.raw, backlog) == 0 else { throw .last("listen", "\(endpoint)") }
    return descriptor
  }

  static func bind(_ descriptor: Int32, to endpoint: Endpoint) throws(SystemError) {
    let result = SocketAddress(endpoint).withPointer { binding(descriptor, $0, $1) }
    guard result == 0 else { throw .last("bind", "\(endpoint)") }
  }

  enum Accepted: ~Copyable {
    case connection(Descriptor, from: Endpoint)
    /// Nobody is waiting.
    case none
    /// With the error number. Connections that ended before they were taken are passed over; what comes out
    /// here is about this process, such as EMFILE, and will come again at once: stop watching for a while.
    case failed(Int32)
  }

  static func accept(_ listener: Int32) -> Accepted {
    while true {
      var address = SocketAddress()
      let raw = address.withMutablePointer { linux_accept(listener, $0, &$1) }
      if raw >= 0 {
        let descriptor = Descriptor(owning: raw)
        guard let endpoint = address.endpoint else { continue }
        return .connection(descriptor, from: endpoint)
      }
      switch errno {
      case EAGAIN: return .none
      // Errors of the new connection, which accept(2) says to treat as "try again".
      case EINTR, ECONNABORTED, ENETDOWN, EPROTO, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH, EOPNOTSUPP,
        ENETUNREACH:
        continue
      default: return .failed(errno)
      }
    }
  }

  /// Starts a TCP connection. It is done, one way or the other, when the descriptor becomes writable: see
  /// `connectError`.
  /// - Parameter local: where it comes from; the system chooses the port.
  static func connect(to endpoint: Endpoint, from local: IPAddress? = nil) throws(SystemError) -> Descriptor {
    let descriptor = try open(stream, for: endpoint.address)
    if let local { try bind(descriptor.raw, to: Endpoint(local, port: 0)) }
    let result = SocketAddress(endpoint).withPointer { connecting(descriptor.raw, $0, $1) }
    // An interrupted connect goes on in the background, like any non-blocking one.
    guard result == 0 || errno == EINPROGRESS || errno == EINTR else { throw .last("connect", "\(endpoint)") }
    return descriptor
  }

  /// What became of `connect`: 0 or an error number. Reading it clears it.
  static func connectError(_ descriptor: Int32) -> Int32 {
    var error: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length) == 0 else { return errno }
    return error
  }

  /// Sends small messages at once instead of waiting for the answer to earlier ones.
  static func setNoDelay(_ descriptor: Int32) throws(SystemError) {
    try set(descriptor, tcp, TCP_NODELAY, Int32(1))
  }

  static func localEndpoint(_ descriptor: Int32) throws(SystemError) -> Endpoint {
    try endpoint("getsockname") { getsockname(descriptor, $0, $1) }
  }

  static func peerEndpoint(_ descriptor: Int32) throws(SystemError) -> Endpoint {
    try endpoint("getpeername") { getpeername(descriptor, $0, $1) }
  }

  private static func endpoint(
    _ call: String, _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
  ) throws(SystemError) -> Endpoint {
    var address = SocketAddress()
    guard address.withMutablePointer({ body($0, &$1) }) == 0 else { throw .last(call) }
    guard let endpoint = address.endpoint else { throw SystemError(call, cause: .familyMissing) }
    return endpoint
  }

  /// - Parameter value: of the C type that the option takes.
  static func set<Value>(
    _ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Value
  ) throws(SystemError) {
    let result = withUnsafePointer(to: value) {
      setsockopt(descriptor, level, option, $0, socklen_t(MemoryLayout<Value>.size))
    }
    guard result == 0 else { throw .last("setsockopt") }
  }
}

// The C library's calls whose names are taken inside the type.
private func listening(_ descriptor: Int32, _ backlog: Int32) -> Int32 { listen(descriptor, backlog) }

private func binding(_ descriptor: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> Int32 {
  bind(descriptor, address, length)
}

private func connecting(
  _ descriptor: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t
) -> Int32 { connect(descriptor, address, length) }
