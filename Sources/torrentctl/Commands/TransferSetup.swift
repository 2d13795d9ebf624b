import Bencode
import Glibc
import Metainfo
import Transfer

extension TransferArguments {
  /// The session that these options ask for.
  var configuration: SessionConfiguration {
    var configuration = SessionConfiguration()
    if let bind { configuration.bindAddresses = [bind] }
    if let port { configuration.port = port == 0 ? .any : .exactly(port) }
    if let uploadSlots { configuration.limits.uploadSlots = uploadSlots }
    if let maxPeers { configuration.limits.maxPeers = maxPeers }
    configuration.limits.upload = uploadLimit
    configuration.limits.download = downloadLimit
    configuration.usesLocalDiscovery = usesLocalDiscovery
    return configuration
  }

  /// Where the peers are that were named. May ask the system's resolver, and wait for it.
  func peerEndpoints() throws(CommandFailure) -> [Endpoint] {
    var endpoints: [Endpoint] = []
    for peer in peers {
      if let address = IPAddress(peer.host) {
        endpoints.append(Endpoint(address, port: peer.port))
      } else {
        endpoints += try Self.addresses(of: peer.host).map { Endpoint($0, port: peer.port) }
      }
    }
    return endpoints
  }

  private static func addresses(of host: String) throws(CommandFailure) -> [IPAddress] {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var first: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, nil, &hints, &first)
    guard code == 0 else {
      let reason = gai_strerror(code).map { String(cString: $0) } ?? "error \(code)"
      throw CommandFailure("--peer: \(host): \(reason)", code: .network)
    }
    defer { freeaddrinfo(first) }
    var addresses: [IPAddress] = []
    var next = first
    while let entry = next?.pointee {
      next = entry.ai_next
      guard let raw = UnsafeRawPointer(entry.ai_addr) else { continue }
      // The address's place in sockaddr_in and sockaddr_in6.
      let field: (offset: Int, length: Int) = entry.ai_family == AF_INET6 ? (8, 16) : (4, 4)
      guard Int(entry.ai_addrlen) >= field.offset + field.length,
        let address = IPAddress(UnsafeRawBufferPointer(start: raw + field.offset, count: field.length))
      else { continue }
      if !addresses.contains(address) { addresses.append(address) }
    }
    return addresses
  }
}

extension Console {
  /// Reads a .torrent of a kind that can be transferred.
  func transferableTorrent(at path: String, limits: BencodeLimits) throws(CommandFailure) -> Torrent {
    let torrent = try torrent(at: path, limits: limits)
    guard torrent.info.format.hasPieceHashes else {
      throw CommandFailure(
        "\(path): torrents of version 2 alone can't be transferred yet",
        hint: "hybrids can, as can version 1", code: .malformed)
    }
    return torrent
  }
}
