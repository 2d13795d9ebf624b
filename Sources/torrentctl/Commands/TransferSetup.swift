import Bencode
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
    switch Resolver.lookUp(host) {
    case .success(let addresses): return addresses
    case .failure(let failure): throw CommandFailure("--peer: \(failure)", code: .network)
    }
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
