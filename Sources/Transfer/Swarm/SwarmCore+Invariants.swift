import Metainfo

extension SwarmCore {
  /// The first thing that is wrong with worker pool, pieces under way or their peers, or `nil`: for tests, after
  /// every step. O(workers × claims + blocks under way + outstanding requests).
  func brokenInvariant() -> String? {
    if let broken = pool.brokenInvariant() { return broken }
    var underWay = Set<PieceIndex>()
    for piece in active {
      if !underWay.insert(piece.piece).inserted { return "piece \(piece.piece) is under way twice" }
      if have.contains(piece.piece) { return "piece \(piece.piece) is here and under way" }
      if !missing.contains(piece.piece) { return "piece \(piece.piece) is under way, and nobody wants it" }
      if picker.contains(piece.piece) { return "piece \(piece.piece) is under way and can be picked" }
      if piece.isBeingChecked != piece.isComplete { return "piece \(piece.piece) is not sent for its check" }
      let owner = pool.owner(of: piece.piece)
      let isOrphan = orphans.contains(piece.piece)
      if piece.isBeingChecked ? owner != nil || isOrphan : (owner != nil) == isOrphan {
        return "piece \(piece.piece) has owner \(String(describing: owner)), orphan: \(isOrphan)"
      }
      if piece.blocks.count(where: \.isReceived) != piece.receivedCount
        || piece.blocks.count(where: \.isFree) != piece.freeCount
      {
        return "piece \(piece.piece) has miscounted its blocks"
      }
      for (number, block) in piece.blocks.enumerated() {
        for key in block.askedOf.all
        where peers[key]?.window.contains(geometry.block(number, of: piece.piece)) != true {
          return "block \(number) of piece \(piece.piece) waits for \(key), which was not asked"
        }
      }
    }
    if active.count + picker.count != missing.count {
      return "\(active.count) under way + \(picker.count) to pick, of \(missing.count) missing"
    }
    for worker in pool.workers where peers[worker.peer]?.isChokingUs != false {
      return "a worker is on \(worker.peer), which is gone or chokes"
    }
    for key in peers.keys {
      if let window = peers[key]?.window, window.count > RequestWindow.maximum {
        return "\(window.count) requests to \(key)"
      }
    }
    return nil
  }

  /// As above, and the slow part: every piece's place and rarity, every peer's count. O(pieces × peers).
  func brokenInvariantAnywhere() -> String? {
    if let broken = brokenInvariant() ?? picker.brokenInvariant() { return broken }
    if missing.count(in: have) != 0 { return "a piece is here and missing" }
    for piece in geometry.pieces where picker.contains(piece) && !missing.contains(piece) {
      return "piece \(piece) can be picked, and nobody wants it"
    }
    var availability = [Int](repeating: 0, count: geometry.pieceCount)
    var seeds = 0
    for key in peers.keys {
      guard let peer = peers[key] else { continue }
      if peer.wantedCount != peer.has.count(in: missing) {
        return "\(key) has a wrong count of wanted pieces"
      }
      if peer.has.isFull { seeds += 1 } else { peer.has.forEach { availability[$0.value] += 1 } }
    }
    if seeds != picker.seedCount { return "\(picker.seedCount) seeds counted, \(seeds) there" }
    for (piece, count) in availability.enumerated() where Int(picker.availability[piece]) != count {
      return "piece \(piece) counts \(picker.availability[piece]) peers, \(count) have it"
    }
    return nil
  }
}
