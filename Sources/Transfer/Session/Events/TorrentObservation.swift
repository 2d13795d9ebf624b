/// A decision about a torrent as it is taken, for whoever wants to understand a swarm: who is dialed, who may ask for blocks
/// and why, which piece comes from whom. See `TorrentHandle.observations(buffering:)`.
public struct TorrentObservation: Sendable {
  /// On a clock that never jumps: only differences mean anything.
  public let time: Duration
  public let decision: Observation
  /// The peer that it is about, where it is about one.
  public let peer: Endpoint?
}

extension Observation {
  /// The peer that it is about.
  var peer: PeerKey? {
    switch self {
    case .unchoked(let key, _), .choked(let key, _), .parted(let key, _), .leased(let key),
      .released(let key, _), .claimed(_, let key, _), .askedTwice(_, let key):
      key
    case .dialed, .unreached, .endGameBegan: nil
    }
  }

  /// The address that it is about, of a peer that is not connected.
  var address: Endpoint? {
    switch self {
    case .dialed(let endpoint), .unreached(let endpoint): endpoint
    default: nil
    }
  }
}
