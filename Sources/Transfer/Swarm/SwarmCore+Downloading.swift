import Metainfo

/// Fetching: which worker asks which peer for which block.
extension SwarmCore {
  static let snubPause = Instant.Span.seconds(30)
  /// A request that is older than this when its peer gets a worker again is taken for lost.
  static let requestLifetime = Instant.Span.seconds(60)
  /// Refused requests in a row after which a peer counts as stalled.
  static let rejectionsAllowed = 16

  /// Whether a block whose header has just arrived from a peer is to go into its piece: asked of this peer and
  /// not there yet. `nil` means that its bytes are of no use.
  public func expects(_ raw: RawBlock, from key: PeerKey) -> BlockSpan? {
    guard let block = span(raw), peers[key]?.window.contains(block) == true else { return nil }
    guard let index = activeIndex(of: block.piece), !active[index].isBeingChecked,
      let number = geometry.blockNumber(of: block), !active[index].blocks[number].isReceived
    else { return nil }
    if active[index].isOnParole, pool.owner(of: block.piece) != key { return nil }
    return block
  }

  /// The blocks that are expected from a peer behind one that is coming in, in the order in which they were asked
  /// for, until `body` says that it has enough. O(outstanding requests).
  public func forEachExpected(
    behind block: BlockSpan, from key: PeerKey, atMost limit: Int, _ body: (BlockSpan) -> Bool
  ) {
    guard let requests = peers[key]?.window.requests,
      let index = requests.firstIndex(where: { $0.block == block })
    else { return }
    for request in requests[(index + 1)...].prefix(limit) {
      guard let expected = expects(RawBlock(request.block), from: key), body(expected) else { return }
    }
  }

  // MARK: Blocks come

  mutating func received(
    _ block: BlockSpan, from key: PeerKey, at now: Instant, into actions: inout [Action]
  ) {
    downloaded.add(block.length, at: now)
    guard peers[key] != nil else {
      wastedBytes += block.length
      return
    }
    peers[key]?.lastHeard = now
    peers[key]?.download.add(block.length, at: now)
    guard peers[key]?.window.answered(block, at: now) == true else {
      wastedBytes += block.length
      return
    }
    peers[key]?.lastProgress = now
    peers[key]?.snubbedUntil = nil
    peers[key]?.rejections = 0
    keep(block, from: key, at: now, into: &actions)
    if pool.isLeased(key) {
      refill(key, at: now, into: &actions)
    } else {
      assignWorker(to: key, at: now, into: &actions)
    }
  }

  /// A block that nobody waits for any more, or never did: counted, and no longer waited for.
  mutating func unwanted(_ raw: RawBlock, from key: PeerKey, at now: Instant, into actions: inout [Action]) {
    wastedBytes += Int(raw.length)
    downloaded.add(Int(raw.length), at: now)
    guard peers[key] != nil else { return }
    peers[key]?.lastHeard = now
    guard let block = span(raw), peers[key]?.window.remove(block) == true else { return }
    giveBack(block, by: key)
    refill(key, at: now, into: &actions)
  }

  private mutating func keep(
    _ block: BlockSpan, from key: PeerKey, at now: Instant, into actions: inout [Action]
  ) {
    guard let source = peers[key]?.endpoint, let index = activeIndex(of: block.piece),
      let number = geometry.blockNumber(of: block),
      !active[index].isOnParole || pool.owner(of: block.piece) == key,
      let others = active[index].receive(number, from: source, key: key)
    else {
      wastedBytes += block.length
      return
    }
    for other in others where peers[other]?.window.remove(block) == true {
      send(.cancel(RawBlock(block)), to: other, at: now, into: &actions)
    }
    if active[index].isComplete {
      active[index].isBeingChecked = true
      pool.unclaim(block.piece)
      orphans.removeAll { $0 == block.piece }
      actions.append(.check(block.piece, fingerprints: ledger.isSuspect(block.piece)))
    }
    for other in others { refill(other, at: now, into: &actions) }
  }

  // MARK: Workers

  /// Puts idle workers on peers, the fastest first, and lets busy ones ask for more.
  mutating func assignWorkers(at now: Instant, into actions: inout [Action]) {
    for worker in pool.workers { fill(worker.peer, at: now, into: &actions) }
    guard pool.hasIdleWorker, !isComplete, hasWork else { return }
    var candidates: [(key: PeerKey, rate: Int)] = []
    for key in peers.keys where mayLease(key, at: now) {
      candidates.append((key, peers[key]?.pace ?? 1))
    }
    candidates.sort { $0.rate != $1.rate ? $0.rate > $1.rate : $0.key.slot < $1.key.slot }
    for candidate in candidates {
      guard pool.hasIdleWorker else { return }
      assignWorker(to: candidate.key, at: now, into: &actions)
    }
  }

  func mayLease(_ key: PeerKey, at now: Instant) -> Bool {
    guard limits.downloads, let isChokingUs = peers[key]?.isChokingUs, !isChokingUs,
      let wanted = peers[key]?.wantedCount,
      wanted > 0, peers[key]?.isSnubbed(at: now) == false
    else { return false }
    return !pool.isLeased(key)
  }

  /// Puts an idle worker on this peer if it has something to fetch; one that it has may find more to ask for.
  mutating func assignWorker(to key: PeerKey, at now: Instant, into actions: inout [Action]) {
    if pool.isLeased(key) { return fill(key, at: now, into: &actions) }
    guard mayLease(key, at: now), pool.lease(key) else { return }
    peers[key]?.leasedSince = now
    peers[key]?.lastProgress = now
    renewRequests(of: key, at: now)
    fill(key, at: now, into: &actions)
    if peers[key]?.window.isEmpty == true, pool.claims(of: key).isEmpty { _ = pool.release(key) }
  }

  /// What was asked of a peer before its worker left it may still come: counts it as asked for again.
  private mutating func renewRequests(of key: PeerKey, at now: Instant) {
    for request in peers[key]?.window.requests ?? [] {
      if now - request.sent < Self.requestLifetime,
        let index = activeIndex(of: request.block.piece), !active[index].isBeingChecked,
        !active[index].isOnParole,
        let number = geometry.blockNumber(of: request.block), !active[index].blocks[number].isReceived
      {
        active[index].ask(number, of: key)
      } else {
        _ = peers[key]?.window.remove(request.block)
      }
    }
  }

  /// Asks for blocks until the peer's window is full.
  mutating func fill(_ key: PeerKey, at now: Instant, into actions: inout [Action]) {
    guard pool.isLeased(key), peers[key]?.isChokingUs == false else { return }
    while let room = peers[key]?.window.room, room > 0, downloadLimit.isOpen(at: now),
      let block = nextBlock(for: key, at: now, into: &actions)
    {
      if peers[key]?.window.isEmpty == true { peers[key]?.lastProgress = now }
      peers[key]?.window.add(block, at: now)
      downloadLimit.take(block.length)
      send(.request(RawBlock(block)), to: key, at: now, into: &actions)
    }
  }

  /// Asks for more after an answer. A worker that gets no more work from its peer goes to another.
  private mutating func refill(_ key: PeerKey, at now: Instant, into actions: inout [Action]) {
    fill(key, at: now, into: &actions)
    guard pool.isLeased(key), peers[key]?.window.isEmpty == true, pool.claims(of: key).isEmpty else { return }
    endLease(of: key, at: now, into: &actions)
    assignWorkers(at: now, into: &actions)
  }

  /// The next block for a worker: of a piece that it has claimed, of a new one, or, at the end, of another's.
  private mutating func nextBlock(
    for key: PeerKey, at now: Instant, into actions: inout [Action]
  ) -> BlockSpan? {
    // The newest claim first: the older ones have, with rare exceptions, nothing left to ask for.
    for piece in pool.claims(of: key).reversed() {
      guard let index = activeIndex(of: piece) else { continue }
      if let number = active[index].takeFree(for: key) { return geometry.block(number, of: piece) }
    }
    if let piece = claimPiece(for: key, at: now, into: &actions), let index = activeIndex(of: piece),
      let number = active[index].takeFree(for: key)
    {
      return geometry.block(number, of: piece)
    }
    return endGameBlock(for: key, at: now)
  }

  /// Makes a worker the owner of one more piece: one that another has left half done, else the rarest.
  private mutating func claimPiece(
    for key: PeerKey, at now: Instant, into actions: inout [Action]
  ) -> PieceIndex? {
    guard let has = peers[key]?.has else { return nil }
    if let index = orphans.firstIndex(where: { has.contains($0) }) {
      let piece = orphans.remove(at: index)
      pool.claim(piece, for: key)
      return piece
    }
    guard peers[key]?.exhaustedAt != picker.version else { return nil }
    guard let piece = picker.pick(from: has) else {
      peers[key]?.exhaustedAt = picker.version
      return nil
    }
    if !mayBegin(for: key) {
      // Half-done pieces that nobody here can finish must not keep everyone else from beginning.
      guard !isWithinBudget, let orphan = orphans.first else { return nil }
      abandon(orphan, at: now, into: &actions)
      guard mayBegin(for: key) else { return nil }
    }
    picker.remove(piece)
    active.append(
      ActivePiece(piece, blockCount: geometry.blockCount(of: piece), isOnParole: ledger.isSuspect(piece)))
    pool.claim(piece, for: key)
    return piece
  }

  private var isWithinBudget: Bool { (active.count + 1) * geometry.pieceLength <= limits.bufferBudget }

  /// Whether there can be anything to do for one more worker: spares a search among all peers while memory is
  /// full.
  private var hasWork: Bool {
    !orphans.isEmpty || picker.isEmpty || isWithinBudget || active.count <= pool.workers.count + 1
  }

  /// Whether memory allows another piece: within the budget as long as the worker keeps to its share, so that one
  /// with a slow peer does not claim what the others could fetch; beyond it one for each worker and one more,
  /// which is being checked meanwhile. O(peers)
  private func mayBegin(for key: PeerKey) -> Bool {
    let claims = pool.claims(of: key).count
    if isWithinBudget, claims == 0 || claims * geometry.pieceLength < share { return true }
    return claims == 0 && active.count <= pool.workers.count
  }

  /// Bytes under way for each peer that could be fetched from.
  private var share: Int {
    let sources = peers.count(where: { !$0.isChokingUs && $0.wantedCount > 0 })
    return limits.bufferBudget / max(1, min(sources, pool.maxWorkers))
  }

  // MARK: Peers fail

  mutating func choked(by key: PeerKey, at now: Instant, into actions: inout [Action]) {
    guard peers[key]?.isChokingUs == false else { return }
    peers[key]?.isChokingUs = true
    endLease(of: key, at: now, into: &actions)
    // Without BEP 6 a choke drops every request; with it each one is still answered.
    if peers[key]?.supportsFast == false { _ = peers[key]?.window.removeAll() }
    assignWorkers(at: now, into: &actions)
  }

  mutating func rejected(
    _ block: BlockSpan, by key: PeerKey, at now: Instant, into actions: inout [Action]
  ) {
    guard peers[key]?.window.remove(block) == true else { return }
    giveBack(block, by: key)
    guard let peer = peers[key], !peer.isChokingUs else { return }
    peers[key]?.rejections += 1
    if peer.rejections + 1 >= Self.rejectionsAllowed {
      snub(key, at: now, into: &actions)
    } else {
      refill(key, at: now, into: &actions)
    }
  }

  private mutating func snub(_ key: PeerKey, at now: Instant, into actions: inout [Action]) {
    peers[key]?.snubbedUntil = now + Self.snubPause
    peers[key]?.rejections = 0
    peers[key]?.window.restart()
    endLease(of: key, at: now, into: &actions)
    assignWorkers(at: now, into: &actions)
  }

  /// Takes the worker off a peer. What it has asked for may be asked of others; should the peer deliver it after
  /// all, it is still welcome.
  mutating func endLease(of key: PeerKey, at now: Instant, into actions: inout [Action]) {
    for request in peers[key]?.window.requests ?? [] { giveBack(request.block, by: key) }
    notePace(of: key, at: now)
    for piece in pool.release(key) {
      guard let index = activeIndex(of: piece) else { continue }
      if active[index].receivedCount == 0 && active[index].freeCount == active[index].blocks.count
        || active[index].isOnParole
      {
        abandon(piece, at: now, into: &actions)
      } else {
        orphans.append(piece)
      }
    }
  }

  private mutating func giveBack(_ block: BlockSpan, by key: PeerKey) {
    guard let index = activeIndex(of: block.piece), let number = geometry.blockNumber(of: block) else {
      return
    }
    active[index].giveBack(number, by: key)
  }

  /// Forgets what there is of a piece; it may be picked again.
  private mutating func abandon(_ piece: PieceIndex, at now: Instant, into actions: inout [Action]) {
    guard let index = activeIndex(of: piece) else { return }
    let abandoned = active.remove(at: index)
    for (number, block) in abandoned.blocks.enumerated() {
      let span = geometry.block(number, of: piece)
      if block.isReceived { wastedBytes += span.length }
      for key in block.askedOf.all where peers[key]?.window.remove(span) == true {
        send(.cancel(RawBlock(span)), to: key, at: now, into: &actions)
      }
    }
    orphans.removeAll { $0 == piece }
    pool.unclaim(piece)
    picker.insert(piece, using: &random)
    actions.append(.discard(piece))
  }

  /// Looks after the workers a few times a second: windows fitted, stalled peers left, idle workers placed.
  mutating func watchDownloads(at now: Instant, into actions: inout [Action]) {
    for worker in pool.workers {
      let key = worker.peer
      guard let rate = peers[key]?.download.rate(at: now) else { continue }
      peers[key]?.window.adapt(rate: rate)
      guard let peer = peers[key] else { continue }
      if peer.window.isEmpty {
        if worker.claims.isEmpty { endLease(of: key, at: now, into: &actions) }
      } else if now - peer.lastProgress > limits.stallAllowed {
        snub(key, at: now, into: &actions)
      }
    }
    assignWorkers(at: now, into: &actions)
    if now >= nextRotation { rotateWorkers(at: now, into: &actions) }
  }
}
