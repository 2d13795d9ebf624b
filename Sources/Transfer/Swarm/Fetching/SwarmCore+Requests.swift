import Metainfo

/// Which block is asked of a peer next.
extension SwarmCore {
  /// Asks for blocks until the peer's window is full.
  mutating func fill(_ key: PeerKey, at now: Instant, into actions: inout [Action]) {
    guard fetching.pool.isLeased(key), peers[key]?.supply.isChokingUs == false else { return }
    while let room = peers[key]?.supply.window.room, room > 0, fetching.downloadLimit.isOpen(at: now),
      let block = nextBlock(for: key, at: now, into: &actions)
    {
      if peers[key]?.supply.window.isEmpty == true { peers[key]?.supply.lastProgress = now }
      peers[key]?.supply.window.add(block, at: now)
      fetching.downloadLimit.take(block.length)
      send(.request(RawBlock(block)), to: key, at: now, into: &actions)
    }
  }

  /// Asks for more after an answer. A worker that gets no more work from its peer goes to another.
  mutating func refill(_ key: PeerKey, at now: Instant, into actions: inout [Action]) {
    fill(key, at: now, into: &actions)
    guard fetching.pool.isLeased(key), peers[key]?.supply.window.isEmpty == true,
      fetching.pool.claims(of: key).isEmpty
    else { return }
    endLease(of: key, at: now, into: &actions)
    assignWorkers(at: now, into: &actions)
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
      return piece
    }
    guard peers[key]?.supply.exhaustedAt != fetching.picker.version else { return nil }
    guard let piece = fetching.picker.pick(from: has) else {
      peers[key]?.supply.exhaustedAt = fetching.picker.version
      return nil
    }
    if !mayBegin(for: key) {
      // Half-done pieces that nobody here can finish must not keep everyone else from beginning.
      guard !isWithinBudget, let orphan = fetching.orphans.first else { return nil }
      abandon(orphan, at: now, into: &actions)
      guard mayBegin(for: key) else { return nil }
    }
    fetching.picker.remove(piece)
    fetching.active.append(
      ActivePiece(
        piece, blockCount: geometry.blockCount(of: piece), isOnParole: fetching.ledger.isSuspect(piece)))
    fetching.pool.claim(piece, for: key)
    return piece
  }

  var isWithinBudget: Bool { (fetching.active.count + 1) * geometry.pieceLength <= limits.bufferBudget }

  /// Whether there can be anything to do for one more worker: spares a search among all peers while memory is
  /// full.
  var hasWork: Bool {
    !fetching.orphans.isEmpty || fetching.picker.isEmpty || isWithinBudget
      || fetching.active.count <= fetching.pool.workers.count + 1
  }

  /// Whether memory allows another piece: within the budget as long as the worker keeps to its share, so that one
  /// with a slow peer does not claim what the others could fetch; beyond it one for each worker and one more,
  /// which is being checked meanwhile. O(peers)
  func mayBegin(for key: PeerKey) -> Bool {
    let claims = fetching.pool.claims(of: key).count
    if isWithinBudget, claims == 0 || claims * geometry.pieceLength < share { return true }
    return claims == 0 && fetching.active.count <= fetching.pool.workers.count
  }

  /// Bytes under way for each peer that could be fetched from.
  var share: Int {
    let sources = peers.count(where: { !$0.supply.isChokingUs && $0.supply.wantedCount > 0 })
    return limits.bufferBudget / max(1, min(sources, fetching.pool.maxWorkers))
  }
}
