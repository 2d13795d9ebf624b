import Platform

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A network interface of this machine.
struct NetworkInterface: Hashable, Sendable {
  let name: String
  /// Its number, which IPv6 calls want.
  let index: UInt32
  var addresses: [IPAddress]
  let isUp: Bool
  let isLoopback: Bool
  let supportsMulticast: Bool

  /// Those that have an address, in the system's order.
  static func all() throws(SystemError) -> [NetworkInterface] {
    var first: UnsafeMutablePointer<ifaddrs>?
    guard getifaddrs(&first) == 0 else { throw .last("getifaddrs") }
    defer { freeifaddrs(first) }
    var interfaces: [NetworkInterface] = []
    var next = first
    while let entry = next?.pointee {
      next = entry.ifa_next
      guard let address = entry.ifa_addr, let endpoint = SocketAddress.endpoint(at: address),
        let rawName = entry.ifa_name
      else { continue }
      let name = String(cString: rawName)
      if let known = interfaces.firstIndex(where: { $0.name == name }) {
        interfaces[known].addresses.append(endpoint.address)
        continue
      }
      let flags = Int(entry.ifa_flags)
      interfaces.append(
        NetworkInterface(
          name: name, index: if_nametoindex(rawName), addresses: [endpoint.address],
          isUp: flags & Int(IFF_UP) != 0, isLoopback: flags & Int(IFF_LOOPBACK) != 0,
          supportsMulticast: flags & Int(IFF_MULTICAST) != 0))
    }
    return interfaces
  }
}
