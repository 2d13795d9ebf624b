import Metainfo

/// What the digests say.
extension SwarmCore {
  mutating func checked(
    _ piece: PieceIndex, _ outcome: CheckOutcome, at now: Instant, into actions: inout [Action]
  ) {
    guard let index = fetching.activeIndex(of: piece), fetching.active[index].isBeingChecked else { return }
    let finished = fetching.active.remove(at: index)
    governor.memory.giveBack(geometry.pieceLength, of: key)
    switch outcome {
    case .good(let fingerprints):
      completed(finished, fingerprints, at: now, into: &actions)
    case .bad(let fingerprints):
      failed(finished, fingerprints, at: now, into: &actions)
    }
    fetching.waiting.wake()
    assignWorkers(at: now, into: &actions)
  }

  private mutating func completed(
    _ finished: ActivePiece, _ fingerprints: [UInt64], at now: Instant, into actions: inout [Action]
  ) {
    let piece = finished.piece
    have.insert(piece)
    missing.remove(piece)
    actions.append(.verified(piece, from: finished.endpoints))
    for place in peers.places {
      guard let key = peers.key(at: place) else { continue }
      if peers[key]?.has.contains(piece) == true {
        peers[key]?.supply.wantedCount -= 1
        if peers[key]?.supply.wantedCount == 0 { fetching.waiting.remove(key) }
        updateInterest(in: key, at: now, into: &actions)
      } else {
        send(.have(UInt32(truncatingIfNeeded: piece.value)), to: key, at: now, into: &actions)
      }
    }
    for guilty in fetching.ledger.succeeded(piece, fingerprints: fingerprints) {
      ban(guilty, at: now, into: &actions)
    }
    if isComplete {
      for worker in fetching.pool.workers { endLease(of: worker.peer, .done, at: now, into: &actions) }
      fetching.rest()
      actions.append(.completed)
      for key in peers.keys { departIfBothDone(key, at: now, into: &actions) }
      chooseUnchoked(at: now, into: &actions)
    }
  }

  private mutating func failed(
    _ finished: ActivePiece, _ fingerprints: [UInt64], at now: Instant, into actions: inout [Action]
  ) {
    let piece = finished.piece
    wastedBytes += geometry.length(of: piece)
    actions.append(.discard(piece))
    fetching.picker.insert(piece, using: &random)
    fetching.ledger.note(piece, cameWrongFrom: finished.endpoints)
    let sources = finished.blocks.compactMap { $0.source.map(PeerSource.init) }
    if let guilty = fetching.ledger.failed(piece, sources: sources, fingerprints: fingerprints) {
      ban(guilty, at: now, into: &actions)
    }
    reportUnobtainable(into: &actions)
  }

  /// Says of each piece that came wrong and that no connected peer has any more who has sent it: once, until a new
  /// source has come and gone. O(pieces that came wrong)
  mutating func reportUnobtainable(into actions: inout [Action]) {
    guard fetching.isActive, fetching.ledger.hasWrongPieces else { return }
    for (piece, sources) in fetching.ledger.lostPieces(where: { !fetching.picker.isAvailable($0) }) {
      actions.append(.unobtainable(piece, from: sources))
    }
  }
}
