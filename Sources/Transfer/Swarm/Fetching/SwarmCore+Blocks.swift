import Metainfo

/// What becomes of blocks that come.
extension SwarmCore {
  /// Whether a block whose header has just arrived from a peer is to go into its piece: asked of this peer and
  /// not there yet. `nil` means that its bytes are of no use.
  public func expects(_ raw: RawBlock, from key: PeerKey) -> BlockSpan? {
    guard let block = span(raw), let index = fetching.activeIndex(of: block.piece),
      !fetching.active[index].isBeingChecked, let number = geometry.blockNumber(of: block)
    else { return nil }
    // Who was asked and has lost its worker since is in the window alone.
    guard !fetching.active[index].blocks[number].isReceived,
      fetching.active[index].blocks[number].askedOf.contains(key)
        || peers[key]?.supply.window.contains(block) == true
    else { return nil }
    if fetching.active[index].isOnParole, fetching.pool.owner(of: block.piece) != key { return nil }
    return block
  }

  /// The blocks that are expected from a peer behind one that is coming in, in the order in which they were asked for,
  /// up to the first that isn't. Changes nothing but the list, which is the same one each time. O(limit) if the block is
  /// the oldest that was asked for, else O(outstanding requests).
  public mutating func expected(
    behind block: BlockSpan, from key: PeerKey, atMost limit: Int
  ) -> [BlockSpan] {
    fetching.expected.removeAll(keepingCapacity: true)
    guard let index = peers[key]?.supply.window.firstIndex(of: block),
      let requests = peers[key]?.supply.window.requests
    else { return [] }
    for request in requests[(index + 1)...].prefix(limit) {
      guard let expected = expects(RawBlock(request.block), from: key) else { break }
      fetching.expected.append(expected)
    }
    return fetching.expected
  }

  mutating func received(
    _ block: BlockSpan, from key: PeerKey, at now: Instant, into actions: inout [Action]
  ) {
    downloaded.add(block.length, at: now)
    guard peers[key] != nil else {
      wastedBytes += block.length
      return
    }
    peers[key]?.lastHeard = now
    peers[key]?.supply.download.add(block.length, at: now)
    guard peers[key]?.supply.window.answered(block, at: now) == true else {
      wastedBytes += block.length
      return
    }
    peers[key]?.supply.lastProgress = now
    peers[key]?.supply.rejections = 0
    if peers[key]?.supply.isSnubbed == true { liftSnub(of: key) }
    keep(block, from: key, at: now, into: &actions)
    if fetching.pool.isLeased(key) {
      refill(key, at: now, into: &actions)
    } else {
      welcome(key, at: now, into: &actions)
    }
  }

  /// A block that nobody waits for any more, or never did: counted, and no longer waited for.
  mutating func unwanted(_ raw: RawBlock, from key: PeerKey, at now: Instant, into actions: inout [Action]) {
    wastedBytes += Int(raw.length)
    downloaded.add(Int(raw.length), at: now)
    guard peers[key] != nil else { return }
    peers[key]?.lastHeard = now
    guard let block = span(raw), peers[key]?.supply.window.remove(block) == true else { return }
    giveBack(block, by: key)
    refill(key, at: now, into: &actions)
  }

  mutating func keep(
    _ block: BlockSpan, from key: PeerKey, at now: Instant, into actions: inout [Action]
  ) {
    guard let source = peers[key]?.endpoint, let index = fetching.activeIndex(of: block.piece),
      let number = geometry.blockNumber(of: block),
      !fetching.active[index].isOnParole || fetching.pool.owner(of: block.piece) == key,
      let others = fetching.active[index].receive(number, from: source, key: key)
    else {
      wastedBytes += block.length
      return
    }
    for other in others where peers[other]?.supply.window.remove(block) == true {
      send(.cancel(RawBlock(block)), to: other, at: now, into: &actions)
    }
    if fetching.active[index].isComplete {
      fetching.active[index].isBeingChecked = true
      fetching.pool.unclaim(block.piece)
      fetching.orphans.removeAll { $0 == block.piece }
      actions.append(.check(block.piece, fingerprints: fetching.ledger.isSuspect(block.piece)))
    }
    for other in others { refill(other, at: now, into: &actions) }
  }
}
