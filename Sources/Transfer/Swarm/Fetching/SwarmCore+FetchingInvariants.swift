import Metainfo

extension SwarmCore {
  /// The first thing that is wrong with workers, pieces under way or what was asked for them, or `nil`.
  /// O(workers × claims + blocks under way + outstanding requests).
  func brokenFetching() -> String? {
    guard fetching.isActive else { return fetching.brokenRest() }
    if let broken = fetching.pool.brokenInvariant() { return broken }
    var underWay = Set<PieceIndex>()
    for piece in fetching.active {
      if !underWay.insert(piece.piece).inserted { return "piece \(piece.piece) is under way twice" }
      if have.contains(piece.piece) { return "piece \(piece.piece) is here and under way" }
      if !missing.contains(piece.piece) { return "piece \(piece.piece) is under way, and nobody wants it" }
      if fetching.picker.contains(piece.piece) {
        return "piece \(piece.piece) is under way and can be picked"
      }
      if piece.isBeingChecked != piece.isComplete { return "piece \(piece.piece) is not sent for its check" }
      let owner = fetching.pool.owner(of: piece.piece)
      let isOrphan = fetching.orphans.contains(piece.piece)
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
        where peers[key]?.supply.window.contains(geometry.block(number, of: piece.piece)) != true {
          return "block \(number) of piece \(piece.piece) waits for \(key), which was not asked"
        }
      }
    }
    if fetching.active.count + fetching.picker.count != missing.count {
      return
        "\(fetching.active.count) under way + \(fetching.picker.count) to pick, of \(missing.count) missing"
    }
    for worker in fetching.pool.workers where peers[worker.peer]?.supply.isChokingUs != false {
      return "a worker is on \(worker.peer), which is gone or chokes"
    }
    if let broken = brokenWaiting() { return broken }
    for key in peers.keys {
      if let window = peers[key]?.supply.window, window.count > RequestWindow.maximum {
        return "\(window.count) requests to \(key)"
      }
    }
    return nil
  }

  /// The first peer that waits for a worker and should not, or should and does not, or `nil`. O(peers)
  private func brokenWaiting() -> String? {
    var waiting = 0
    var snubbed = 0
    for key in peers.keys {
      guard let supply = peers[key]?.supply else { continue }
      let isLeased = fetching.pool.isLeased(key)
      if supply.canBeAsked, !isLeased { waiting += 1 }
      if supply.isSnubbed { snubbed += 1 }
      if fetching.waiting.contains(key) != (supply.canBeAsked && !isLeased) {
        return "\(key) waits for a worker: \(fetching.waiting.contains(key)), leased: \(isLeased)"
      }
      if supply.isSnubbed != (fetching.snubbed[key] != nil) {
        return "\(key) is snubbed for ever, or not at all"
      }
    }
    if fetching.waiting.count != waiting {
      return "\(fetching.waiting.count) wait, \(waiting) of them are here"
    }
    if fetching.snubbed.count != snubbed {
      return "\(fetching.snubbed.count) are snubbed, \(snubbed) are here"
    }
    if !fetching.pool.workers.isEmpty, fetching.nextWatch == nil { return "nobody looks after the workers" }
    return nil
  }

  /// The first piece that has a wrong place or a wrong rarity in the picker, or `nil`. O(pieces × peers).
  func brokenRarity() -> String? {
    if let broken = fetching.picker.brokenInvariant() { return broken }
    for piece in geometry.pieces where fetching.picker.contains(piece) && !missing.contains(piece) {
      return "piece \(piece) can be picked, and nobody wants it"
    }
    var availability = [Int](repeating: 0, count: geometry.pieceCount)
    var seeds = 0
    for key in peers.keys {
      guard let has = peers[key]?.has else { continue }
      if has.isFull { seeds += 1 } else { has.forEach { availability[$0.value] += 1 } }
    }
    if seeds != fetching.picker.seedCount {
      return "\(fetching.picker.seedCount) seeds counted, \(seeds) there"
    }
    for (piece, count) in availability.enumerated() where Int(fetching.picker.availability[piece]) != count {
      return "piece \(piece) counts \(fetching.picker.availability[piece]) peers, \(count) have it"
    }
    return nil
  }
}
