import Metainfo

/// At the end a worker without work fetches what others are waiting for; the first to come wins.
///
/// The end is not when the picker is empty: what is left there may be a piece that no connected peer has, or only
/// peers that choke. It is when nobody who can be asked has anything left to pick.
extension SwarmCore {
  /// Blocks that a worker fetches twice at a time near the end.
  static let endGameWindow = 8
  /// Peers that are asked for the same block, those left out that have delivered nothing for a while.
  static let endGameCopies = 3
  static let endGamePatience = Instant.Span.seconds(3)

  /// Whether it turns out that everyone who can be asked has been tried and has nothing to pick: the peers that
  /// rest may help with the last blocks then. O(workers), and the pieces that they look at in vain.
  mutating func entersEndGame() -> Bool {
    guard !fetching.isEndGame else { return false }
    for worker in fetching.pool.workers where pickPiece(for: worker.peer) != nil { return false }
    fetching.spentVersion = fetching.picker.version
    fetching.waiting.wake()
    observe(.endGameBegan)
    return true
  }

  /// A block that others were asked for, asked of this peer too.
  mutating func endGameBlock(for key: PeerKey, at now: Instant) -> BlockSpan? {
    guard let (index, number) = leastAskedBlock(for: key, at: now) else { return nil }
    fetching.active[index].ask(number, of: key)
    let block = geometry.block(number, of: fetching.active[index].piece)
    observe(.askedTwice(block, key))
    return block
  }

  /// The block with the fewest askers. O(blocks under way).
  private func leastAskedBlock(for key: PeerKey, at now: Instant) -> (index: Int, number: Int)? {
    guard fetching.isEndGame, let has = peers[key]?.has,
      let outstanding = peers[key]?.supply.window.count,
      outstanding < Self.endGameWindow
    else { return nil }
    var best: (index: Int, number: Int)?
    var fewest = Self.endGameCopies
    for index in fetching.active.indices {
      guard !fetching.active[index].isBeingChecked, !fetching.active[index].isOnParole,
        has.contains(fetching.active[index].piece)
      else { continue }
      for (number, block) in fetching.active[index].blocks.enumerated() where !block.isReceived {
        let copies = block.askedOf.count < fewest ? block.askedOf.count : promising(block.askedOf, at: now)
        if copies < fewest, !block.askedOf.contains(key) {
          best = (index, number)
          fewest = copies
        }
      }
    }
    return best
  }

  /// How many of these peers have delivered something lately.
  private func promising(_ askers: Askers, at now: Instant) -> Int {
    askers.all.count { peers[$0].map { now - $0.supply.lastProgress < Self.endGamePatience } ?? false }
  }
}
