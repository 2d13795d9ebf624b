import Metainfo

/// Giving: who may ask, what was asked for, and how fast it goes out.
extension SwarmCore {
  /// Blocks that are kept for one peer, which the extension handshake tells it: enough for a line of 64 MiB of
  /// bandwidth × round trip, in 48 KiB of memory. Those beyond are refused, and the peer stays.
  static let longestUploadQueue = 4096
  /// Blocks that the shell has in hand for one peer: enough to keep its socket full, few enough that a cancel
  /// still helps.
  static let uploadsInHand = 16

  mutating func requested(
    _ raw: RawBlock, by key: PeerKey, at now: Instant, into actions: inout [Action]
  ) throws(WireError) {
    guard let block = span(raw), block.length <= PieceGeometry.blockLength else {
      throw .invalid(message: .request)
    }
    guard peers[key]?.demand.isChoked == false, have.contains(block.piece) else {
      refuse(block, of: key, at: now, into: &actions)
      return
    }
    guard let waiting = peers[key]?.demand.uploads.count, waiting < Self.longestUploadQueue else {
      refuse(block, of: key, at: now, into: &actions)
      return
    }
    peers[key]?.demand.uploads.append(block)
    pumpUploads(to: key, at: now, into: &actions)
  }

  mutating func cancelled(
    _ block: BlockSpan, by key: PeerKey, at now: Instant, into actions: inout [Action]
  ) {
    guard peers[key]?.demand.uploads.cancel(block) == true else { return }
    refuse(block, of: key, at: now, into: &actions)
  }

  /// BEP 6: every request gets an answer. Without that extension, silence is one.
  mutating func refuse(
    _ block: BlockSpan, of key: PeerKey, at now: Instant, into actions: inout [Action]
  ) {
    guard peers[key]?.supportsFast == true else { return }
    send(.reject(RawBlock(block)), to: key, at: now, into: &actions)
  }

  mutating func uploaded(
    _ block: BlockSpan, to key: PeerKey, at now: Instant, into actions: inout [Action]
  ) {
    uploaded.add(block.length, at: now)
    peers[key]?.demand.upload.add(block.length, at: now)
    peers[key]?.demand.uploads.inHand -= 1
    peers[key]?.demand.lastUse = now
    peers[key]?.demand.hasWasted = false
    peers[key]?.lastSent = now
    pumpUploads(to: key, at: now, into: &actions)
  }

  /// Hands blocks to the shell as far as its hands, and the limits, allow. A peer that a limit holds back is in the
  /// governor's line, and comes here again when its turn has come.
  mutating func pumpUploads(to key: PeerKey, at now: Instant, into actions: inout [Action]) {
    while let inHand = peers[key]?.demand.uploads.inHand, inHand < Self.uploadsInHand,
      let length = peers[key]?.demand.uploads.first?.length,
      governor.upload.take(length, for: key, of: self.key, at: now),
      let block = peers[key]?.demand.uploads.popFirst()
    {
      peers[key]?.demand.uploads.inHand += 1
      actions.append(.upload(key, block))
    }
  }
}
