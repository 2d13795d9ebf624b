import Metainfo

/// Pieces that were here and are not any more: somebody else has changed their files.
extension SwarmCore {
  /// Peers can't be told; whoever asks is refused. A download fetches the piece again. O(peers + blocks that wait)
  mutating func lost(
    _ piece: PieceIndex, isWanted: Bool, at now: Instant, into actions: inout [Action]
  ) {
    guard have.remove(piece) else { return }
    for key in peers.keys {
      for block in peers[key]?.demand.uploads.remove(of: piece) ?? [] {
        refuse(block, of: key, at: now, into: &actions)
      }
    }
    guard isWanted, missing.insert(piece) else { return }
    if fetching.isActive {
      fetching.picker.insert(piece, using: &random)
    } else if limits.downloads {
      fetching = Fetching(missing, limits: limits, using: &random)
      for key in peers.keys {
        if let has = peers[key]?.has { fetching.gained(has, using: &random) }
      }
    }
    for key in peers.keys where peers[key]?.has.contains(piece) == true {
      peers[key]?.supply.wantedCount += 1
      updateInterest(in: key, at: now, into: &actions)
      standBy(key)
    }
    fetching.waiting.wake()
    assignWorkers(at: now, into: &actions)
  }

  /// A block that the shell had in hand was not sent.
  mutating func unsent(
    _ block: BlockSpan, to key: PeerKey, at now: Instant, into actions: inout [Action]
  ) {
    guard peers[key] != nil else { return }
    peers[key]?.demand.uploads.inHand -= 1
    refuse(block, of: key, at: now, into: &actions)
    pumpUploads(to: key, at: now, into: &actions)
  }
}
