import Metainfo

/// Who may sit down, and who gives way when every seat is taken.
extension SwarmCore {
  /// A peer that has just come is given this long to say what it wants.
  static let seatGrace = Instant.Span.seconds(1)
  /// A peer with which something was exchanged keeps its seat for this long after.
  static let seatKept = Instant.Span.seconds(60)

  /// Why there is no seat for a newcomer, or `nil`. May end the connection of who makes the least of its own.
  mutating func seatRefusal(
    of newcomer: Newcomer, at now: Instant, into actions: inout [Action]
  ) -> Farewell? {
    switch governor.seats.ask(newcomer.endpoint.address, for: key, isOutgoing: newcomer.isOutgoing) {
    case .free: return nil
    case .crowded: return .crowded
    case .full: return .full
    case .after(key): return giveUpSeat(at: now, into: &actions) ? nil : .full
    case .after(let other):
      // It comes too late for this newcomer, and in time for the next.
      actions.append(.needSeat(of: other))
      return .full
    }
  }

  /// Ends the connection that is of the least use, if there is one that can be spared. O(peers)
  @discardableResult
  mutating func giveUpSeat(at now: Instant, into actions: inout [Action]) -> Bool {
    var spared: (key: PeerKey, worth: Int, joined: Instant)?
    for place in peers.places {
      guard let key = peers.key(at: place), let worth = worth(of: key, at: now),
        let joined = peers[key]?.joined
      else { continue }
      if let best = spared, (best.worth, best.joined) <= (worth, joined) { continue }
      spared = (key, worth, joined)
    }
    guard let spared else { return false }
    depart(spared.key, .idle, at: now, into: &actions)
    return true
  }

  /// How much would be lost with a peer, as a rank; `nil` for one that keeps its seat.
  private func worth(of key: PeerKey, at now: Instant) -> Int? {
    guard let peer = peers[key], now - peer.joined >= Self.seatGrace else { return nil }
    let hasTaken = peer.demand.upload.total > 0
    let hasGiven = peer.supply.hasDelivered
    if hasTaken || hasGiven {
      let last = max(
        hasTaken ? peer.demand.lastUse : peer.joined, hasGiven ? peer.supply.lastProgress : peer.joined)
      return now - last < Self.seatKept ? nil : 4
    }
    if peer.demand.hasWasted { return 1 }
    // What it has is wanted here: it may begin to give.
    if peer.supply.areWeInterested { return now - peer.joined < Self.seatKept ? nil : 3 }
    // It waits for its turn.
    if peer.demand.isInterested { return 2 }
    return 0
  }

  /// The torrent ends: all that it has of what torrents share comes back. O(peers)
  public func leave(_ governor: inout Governor) {
    for place in peers.places {
      guard let key = peers.key(at: place), let peer = peers[key] else { continue }
      governor.seats.giveBack(peer.endpoint.address, of: self.key, isOutgoing: peer.isOutgoing)
    }
    governor.remove(key)
  }
}
