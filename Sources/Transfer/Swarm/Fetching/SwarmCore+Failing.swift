import Metainfo

/// Peers that choke, refuse or stall, and what is left half done.
extension SwarmCore {
  static let snubPause = Instant.Span.seconds(30)
  /// Refused requests in a row after which a peer counts as stalled.
  static let rejectionsAllowed = 16

  mutating func choked(by key: PeerKey, at now: Instant, into actions: inout [Action]) {
    guard peers[key]?.supply.isChokingUs == false else { return }
    peers[key]?.supply.isChokingUs = true
    endLease(of: key, .choked, at: now, into: &actions)
    // Without BEP 6 a choke drops every request; with it each one is still answered.
    if peers[key]?.supportsFast == false, let dropped = peers[key]?.supply.window.removeAll() {
      for block in dropped { governor.download.giveBack(block.length, of: self.key) }
    }
    assignWorkers(at: now, into: &actions)
  }

  mutating func rejected(
    _ block: BlockSpan, by key: PeerKey, at now: Instant, into actions: inout [Action]
  ) {
    guard peers[key]?.supply.window.remove(block) == true else { return }
    governor.download.giveBack(block.length, of: self.key)
    giveBack(block, by: key)
    guard let isChokingUs = peers[key]?.supply.isChokingUs, !isChokingUs else { return }
    peers[key]?.supply.rejections += 1
    if let rejections = peers[key]?.supply.rejections, rejections >= Self.rejectionsAllowed {
      snub(key, .refused, at: now, into: &actions)
    } else {
      refill(key, at: now, into: &actions)
    }
  }

  /// Leaves a peer alone for a while.
  mutating func snub(
    _ key: PeerKey, _ reason: Observation.Release, at now: Instant, into actions: inout [Action]
  ) {
    guard fetching.isActive else { return }
    peers[key]?.supply.isSnubbed = true
    fetching.snubbed.set(key, due: now + Self.snubPause)
    peers[key]?.supply.rejections = 0
    peers[key]?.supply.window.restart()
    endLease(of: key, reason, at: now, into: &actions)
    assignWorkers(at: now, into: &actions)
  }

  /// It has delivered after all.
  mutating func liftSnub(of key: PeerKey) {
    if fetching.snubbed.remove(key) { peers[key]?.supply.isSnubbed = false }
  }

  /// Takes the worker, if there is one, off a peer. What it has asked for may be asked of others; should the peer
  /// deliver it after all, it is still welcome.
  mutating func endLease(
    of key: PeerKey, _ reason: Observation.Release, at now: Instant, into actions: inout [Action]
  ) {
    defer { standBy(key) }
    guard fetching.pool.isLeased(key) else { return }
    observe(.released(key, reason))
    for request in peers[key]?.supply.window.requests ?? [] { giveBack(request.block, by: key) }
    notePace(of: key, at: now)
    governor.download.leave(key, of: self.key)
    for piece in fetching.pool.release(key) {
      guard let index = fetching.activeIndex(of: piece) else { continue }
      if fetching.active[index].receivedCount == 0
        && fetching.active[index].freeCount == fetching.active[index].blocks.count
        || fetching.active[index].isOnParole
      {
        abandon(piece, at: now, into: &actions)
      } else {
        fetching.orphans.append(piece)
        fetching.waiting.wake()
      }
    }
    // Blocks that were asked of it near the end may be asked of another.
    if fetching.isEndGame { fetching.waiting.wake() }
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
    governor.memory.giveBack(geometry.pieceLength, of: key)
    for (number, block) in abandoned.blocks.enumerated() {
      let span = geometry.block(number, of: piece)
      if block.isReceived { wastedBytes += span.length }
      for peer in block.askedOf.all where peers[peer]?.supply.window.remove(span) == true {
        send(.cancel(RawBlock(span)), to: peer, at: now, into: &actions)
      }
    }
    fetching.orphans.removeAll { $0 == piece }
    fetching.pool.unclaim(piece)
    fetching.picker.insert(piece, using: &random)
    fetching.waiting.wake()
    actions.append(.discard(piece))
  }
}
