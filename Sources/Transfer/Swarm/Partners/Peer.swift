import Metainfo

/// What the core knows of one connected peer: who it is, what it has, and a part for each direction.
struct Peer {
  let endpoint: Endpoint
  let source: PeerSource
  let isOutgoing: Bool
  let id: PeerID
  let supportsFast: Bool
  let joined: Instant

  /// The pieces it says it has.
  var has: Bitfield
  /// Whether it has said anything of its pieces.
  var hasNamedPieces = false
  /// What it gives.
  var supply: PeerSupply
  /// What it wants.
  var demand: PeerDemand

  var lastHeard: Instant
  var lastSent: Instant

  init(
    endpoint: Endpoint, isOutgoing: Bool, id: PeerID, supportsFast: Bool, pieceCount: Int, joined: Instant
  ) {
    self.endpoint = endpoint
    source = PeerSource(endpoint)
    self.isOutgoing = isOutgoing
    self.id = id
    self.supportsFast = supportsFast
    self.joined = joined
    has = Bitfield(pieceCount: pieceCount)
    supply = PeerSupply(joined: joined)
    demand = PeerDemand(joined: joined)
    lastHeard = joined
    lastSent = joined
  }
}
