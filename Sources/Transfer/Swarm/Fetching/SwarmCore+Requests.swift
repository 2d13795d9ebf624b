import Metainfo

/// Which block is asked of a peer next.
extension SwarmCore {
  /// Asks for blocks until the peer's window is full.
  mutating func fill(_ key: PeerKey, at now: Instant, into actions: inout [Action]) {
    guard fetching.pool.isLeased(key), peers[key]?.supply.isChokingUs == false else { return }
    while let room = peers[key]?.supply.window.room, room > 0,
      governor.download.take(PieceGeometry.blockLength, for: key, of: self.key, at: now)
    {
      guard let block = nextBlock(for: key, at: now, into: &actions) else {
        return governor.download.giveBack(PieceGeometry.blockLength, of: self.key)
      }
      governor.download.giveBack(PieceGeometry.blockLength - block.length, of: self.key)
      if peers[key]?.supply.window.isEmpty == true { peers[key]?.supply.lastProgress = now }
      peers[key]?.supply.wasAsked = true
      peers[key]?.supply.window.add(block, at: now)
      send(.request(RawBlock(block)), to: key, at: now, into: &actions)
    }
  }

  /// Asks for more after an answer. A worker that gets no more work from its peer goes to another.
  mutating func refill(_ key: PeerKey, at now: Instant, into actions: inout [Action]) {
    fill(key, at: now, into: &actions)
    guard fetching.pool.isLeased(key), isDry(key) else { return }
    endLease(of: key, .dry, at: now, into: &actions)
    placeIdleWorkers(at: now, into: &actions)
  }

  /// Whether a worker on this peer has nothing to wait for.
  func isDry(_ key: PeerKey) -> Bool {
    peers[key]?.supply.window.isEmpty != false && fetching.pool.claims(of: key).isEmpty
      && !governor.download.isWaiting(key, of: self.key)
  }

  /// The next block for a worker: of a piece that it has claimed, of a new one, or, at the end, of another's.
  mutating func nextBlock(
    for key: PeerKey, at now: Instant, into actions: inout [Action]
  ) -> BlockSpan? {
    // The newest claim first: the older ones have, with rare exceptions, nothing left to ask for.
    for piece in fetching.pool.claims(of: key).reversed() {
      guard let index = fetching.activeIndex(of: piece) else { continue }
      if let number = fetching.active[index].takeFree(for: key) { return geometry.block(number, of: piece) }
    }
    if let piece = claimPiece(for: key, at: now, into: &actions), let index = fetching.activeIndex(of: piece),
      let number = fetching.active[index].takeFree(for: key)
    {
      return geometry.block(number, of: piece)
    }
    return endGameBlock(for: key, at: now)
  }

  /// Makes a worker the owner of one more piece: one that another has left half done, else the rarest.
  mutating func claimPiece(
    for key: PeerKey, at now: Instant, into actions: inout [Action]
  ) -> PieceIndex? {
    guard let has = peers[key]?.has else { return nil }
    if let index = fetching.orphans.firstIndex(where: { has.contains($0) }) {
      let piece = fetching.orphans.remove(at: index)
      fetching.pool.claim(piece, for: key)
      observe(.claimed(piece, key, isHalfDone: true))
      return piece
    }
    guard let piece = pickPiece(for: key) else { return nil }
    if !mayBegin(for: key) {
      // Half-done pieces that nobody here can finish must not keep everyone else from beginning.
      guard !hasRoom(for: 1), let orphan = fetching.orphans.first else { return nil }
      abandon(orphan, at: now, into: &actions)
      guard mayBegin(for: key) else { return nil }
    }
    fetching.picker.remove(piece)
    governor.memory.take(geometry.pieceLength, for: self.key)
    fetching.active.append(
      ActivePiece(
        piece, blockCount: geometry.blockCount(of: piece), isOnParole: fetching.ledger.isSuspect(piece)))
    fetching.pool.claim(piece, for: key)
    observe(.claimed(piece, key, isHalfDone: false))
    return piece
  }

  /// The rarest piece that this peer has; that there is none is remembered until the picker has more. O(pieces that
  /// are passed over), O(1) again in vain.
  mutating func pickPiece(for key: PeerKey) -> PieceIndex? {
    guard let has = peers[key]?.has, peers[key]?.supply.exhaustedAt != fetching.picker.version else {
      return nil
    }
    let piece = fetching.picker.pick(from: has)
    if piece == nil { peers[key]?.supply.exhaustedAt = fetching.picker.version }
    return piece
  }

  // MARK: Memory

  /// Whether memory allows so many pieces more. O(workers)
  private func hasRoom(for pieces: Int) -> Bool {
    (fetching.active.count + pieces) * geometry.pieceLength
      <= fetching.memoryAllowed(peers, atMost: governor.memory.part(of: key))
  }

  /// Whether there can be anything to do for one more worker: spares a search among the peers while memory is
  /// full.
  var hasWork: Bool {
    !fetching.orphans.isEmpty || fetching.isEndGame || hasRoom(for: 1)
      || fetching.active.count <= fetching.pool.workers.count + 1
  }

  /// Whether memory allows a worker another piece: within the budget as long as a piece is left for every worker that
  /// has none, and it keeps to its share; beyond it one for each worker and one more, which is being checked
  /// meanwhile. O(workers)
  private func mayBegin(for key: PeerKey) -> Bool {
    let claims = fetching.pool.claims(of: key).count
    guard claims > 0 else { return hasRoom(for: 1) || fetching.active.count <= fetching.pool.workers.count }
    // One piece runs out while the next begins.
    guard claims < 2 || claims * geometry.pieceLength < share(of: key) else { return false }
    return hasRoom(for: 1 + fetching.pool.unclaimedCount)
  }

  /// Bytes under way that one peer may have: an even part, so that one with a slow line does not claim what others
  /// could fetch, and what a long line needs beyond. O(1)
  private func share(of key: PeerKey) -> Int {
    let sources = min(fetching.waiting.count + fetching.pool.workers.count, fetching.pool.maxWorkers)
    let long = peers[key]?.supply.window.demand.long ?? 0
    return min(governor.memory.part(of: self.key), Fetching.shortMemory) / max(1, sources) + long + long / 4
  }
}
