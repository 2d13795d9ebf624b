import Metainfo

/// Peers that choke, refuse or stall, and what is left half done.
extension SwarmCore {
  static let snubPause = Instant.Span.seconds(30)
  /// Refused requests in a row after which a peer counts as stalled.
  static let rejectionsAllowed = 16

  mutating func choked(by key: PeerKey, at now: Instant, into actions: inout [Action]) {
    guard peers[key]?.supply.isChokingUs == false else { return }
    peers[key]?.supply.isChokingUs = true
    endLease(of: key, at: now, into: &actions)
    // Without BEP 6 a choke drops every request; with it each one is still answered.
    if peers[key]?.supportsFast == false { _ = peers[key]?.supply.window.removeAll() }
    assignWorkers(at: now, into: &actions)
  }

  mutating func rejected(
    _ block: BlockSpan, by key: PeerKey, at now: Instant, into actions: inout [Action]
  ) {
    guard peers[key]?.supply.window.remove(block) == true else { return }
    giveBack(block, by: key)
    guard let peer = peers[key], !peer.supply.isChokingUs else { return }
    peers[key]?.supply.rejections += 1
    if peer.supply.rejections + 1 >= Self.rejectionsAllowed {
      snub(key, at: now, into: &actions)
    } else {
      refill(key, at: now, into: &actions)
    }
  }

  mutating func snub(_ key: PeerKey, at now: Instant, into actions: inout [Action]) {
    peers[key]?.supply.snubbedUntil = now + Self.snubPause
    peers[key]?.supply.rejections = 0
    peers[key]?.supply.window.restart()
    endLease(of: key, at: now, into: &actions)
    assignWorkers(at: now, into: &actions)
  }

  /// Takes the worker off a peer. What it has asked for may be asked of others; should the peer deliver it after
  /// all, it is still welcome.
  mutating func endLease(of key: PeerKey, at now: Instant, into actions: inout [Action]) {
    for request in peers[key]?.supply.window.requests ?? [] { giveBack(request.block, by: key) }
    notePace(of: key, at: now)
    for piece in fetching.pool.release(key) {
      guard let index = fetching.activeIndex(of: piece) else { continue }
      if fetching.active[index].receivedCount == 0
        && fetching.active[index].freeCount == fetching.active[index].blocks.count
        || fetching.active[index].isOnParole
      {
        abandon(piece, at: now, into: &actions)
      } else {
        fetching.orphans.append(piece)
      }
    }
  }

  mutating func giveBack(_ block: BlockSpan, by key: PeerKey) {
    guard let index = fetching.activeIndex(of: block.piece), let number = geometry.blockNumber(of: block)
    else {
      return
    }
    fetching.active[index].giveBack(number, by: key)
  }

  /// Forgets what there is of a piece; it may be picked again.
  mutating func abandon(_ piece: PieceIndex, at now: Instant, into actions: inout [Action]) {
    guard let index = fetching.activeIndex(of: piece) else { return }
    let abandoned = fetching.active.remove(at: index)
    for (number, block) in abandoned.blocks.enumerated() {
      let span = geometry.block(number, of: piece)
      if block.isReceived { wastedBytes += span.length }
      for key in block.askedOf.all where peers[key]?.supply.window.remove(span) == true {
        send(.cancel(RawBlock(span)), to: key, at: now, into: &actions)
      }
    }
    fetching.orphans.removeAll { $0 == piece }
    fetching.pool.unclaim(piece)
    fetching.picker.insert(piece, using: &random)
    actions.append(.discard(piece))
  }
}
