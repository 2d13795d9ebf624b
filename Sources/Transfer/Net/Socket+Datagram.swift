import Platform

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension Socket {
  /// A UDP socket.
  /// - Parameter shared: other sockets, of other programs too, may have the same port: for multicast, where
  ///   each of them gets every datagram.
  static func bindDatagram(to endpoint: Endpoint, shared: Bool = false) throws(SystemError) -> Descriptor {
    let descriptor = try open(datagram, for: endpoint.address)
    if shared {
      try set(descriptor.raw, SOL_SOCKET, SO_REUSEADDR, Int32(1))
      try set(descriptor.raw, SOL_SOCKET, SO_REUSEPORT, Int32(1))
    }
    if !endpoint.address.isIPv4 { try set(descriptor.raw, Int32(IPPROTO_IPV6), IPV6_V6ONLY, Int32(1)) }
    try bind(descriptor.raw, to: endpoint)
    return descriptor
  }

  /// An empty datagram is sent as `.closed`, since no byte was moved.
  /// - Parameter scope: the interface index for a link-local IPv6 address, otherwise 0.
  static func send(
    _ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, to endpoint: Endpoint, scope: UInt32 = 0
  ) -> IOResult {
    SocketAddress(endpoint, scope: scope).withPointer { address, length in
      repeating { sendto(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL), address, length) }
    }
  }

  /// One datagram; what does not fit the buffer is lost. An empty one is `.closed`, which for a UDP socket is
  /// no end. `sender` is set by `.bytes` and `.closed`.
  static func receive(
    _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, from sender: inout Endpoint?
  ) -> IOResult {
    var address = SocketAddress()
    let result = address.withMutablePointer { pointer, length in
      let room = length
      return repeating {
        length = room
        return recvfrom(descriptor, buffer.baseAddress, buffer.count, 0, pointer, &length)
      }
    }
    switch result {
    case .bytes, .closed: sender = address.endpoint
    case .wouldBlock, .failed: break
    }
    return result
  }

  /// Datagrams to `group` that come in at an interface are delivered to this socket from now on: for IPv4 the
  /// interface that has the address `address`, for IPv6 the one with the number `index`.
  static func join(_ descriptor: Int32, group: IPAddress, on interface: MulticastInterface)
    throws(SystemError)
  {
    switch interface {
    case .ipv4(let address):
      let request = ip_mreq(imr_multiaddr: group.in4, imr_interface: address.in4)
      try set(descriptor, Int32(IPPROTO_IP), IP_ADD_MEMBERSHIP, request)
    case .ipv6(let index):
      let request = ipv6_mreq(ipv6mr_multiaddr: group.in6, ipv6mr_interface: index)
      try set(descriptor, Int32(IPPROTO_IPV6), IPV6_ADD_MEMBERSHIP, request)
    }
  }

  /// Datagrams to a multicast group leave by this interface from now on, and reach this machine too.
  /// - Parameter hops: routers may pass them on so many times.
  static func sendMulticast(
    _ descriptor: Int32, by interface: MulticastInterface, hops: Int32 = 1
  ) throws(SystemError) {
    switch interface {
    case .ipv4(let address):
      try set(descriptor, Int32(IPPROTO_IP), IP_MULTICAST_IF, address.in4)
      try set(descriptor, Int32(IPPROTO_IP), IP_MULTICAST_TTL, hops)
      try set(descriptor, Int32(IPPROTO_IP), IP_MULTICAST_LOOP, Int32(1))
    case .ipv6(let index):
      try set(descriptor, Int32(IPPROTO_IPV6), IPV6_MULTICAST_IF, index)
      try set(descriptor, Int32(IPPROTO_IPV6), IPV6_MULTICAST_HOPS, hops)
      try set(descriptor, Int32(IPPROTO_IPV6), IPV6_MULTICAST_LOOP, Int32(1))
    }
  }

  /// Only what comes in by the interfaces that this socket has joined a group on, not what other programs have
  /// joined.
  static func hearJoinedGroupsOnly(_ descriptor: Int32, isIPv4: Bool) throws(SystemError) {
    if isIPv4 {
      try set(descriptor, Int32(IPPROTO_IP), IP_MULTICAST_ALL, Int32(0))
    } else {
      try set(descriptor, Int32(IPPROTO_IPV6), IPV6_MULTICAST_ALL, Int32(0))
    }
  }
}

/// How the two families name an interface for multicast.
enum MulticastInterface: Hashable, Sendable {
  /// By one of its addresses.
  case ipv4(IPAddress)
  /// By its number.
  case ipv6(UInt32)
}
