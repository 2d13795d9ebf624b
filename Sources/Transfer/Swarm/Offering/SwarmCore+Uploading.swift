import Metainfo

/// Giving: who may ask, what was asked for, and how fast it goes out.
extension SwarmCore {
  /// A peer that asks for more blocks than this at once is not heard.
  static let longestUploadQueue = 1024
  /// Blocks that the shell has in hand for one peer: enough to keep its socket full, few enough that a cancel
  /// still helps.
  static let uploadsInHand = 16

  mutating func interested(_ key: PeerKey, at now: Instant, into actions: inout [Action]) {
    guard peers[key]?.demand.isInterested == false else { return }
    peers[key]?.demand.isInterested = true
    offering.nextChoke = offering.nextChoke ?? now + Choker.interval
    let unchoked = peers.keys.count { peers[$0]?.demand.isChoked == false }
    if unchoked < limits.uploadSlots { setChoked(key, false, at: now, into: &actions) }
  }

  mutating func notInterested(_ key: PeerKey, at now: Instant, into actions: inout [Action]) {
    guard peers[key]?.demand.isInterested == true else { return }
    peers[key]?.demand.isInterested = false
    if peers[key]?.demand.isChoked == false {
      setChoked(key, true, at: now, into: &actions)
      chooseUnchoked(at: now, into: &actions)
    }
  }

  mutating func chooseUnchoked(at now: Instant, into actions: inout [Action]) {
    let isSeeding = isComplete
    let candidates = peers.keys.compactMap { key -> Choker.Candidate? in
      guard peers[key]?.demand.isInterested == true else { return nil }
      let rate =
        isSeeding ? peers[key]?.demand.upload.rate(at: now) : peers[key]?.supply.download.rate(at: now)
      guard let peer = peers[key] else { return nil }
      return Choker.Candidate(
        peer: key, rate: rate ?? 0, isUnchoked: !peer.demand.isChoked, since: peer.demand.chokeChanged)
    }
    offering.nextChoke = candidates.isEmpty ? nil : now + Choker.interval
    let chosen = offering.choker.choose(among: candidates, at: now, using: &random)
    for candidate in candidates where candidate.isUnchoked && !chosen.contains(candidate.peer) {
      setChoked(candidate.peer, true, at: now, into: &actions)
    }
    for key in chosen where peers[key]?.demand.isChoked == true {
      setChoked(key, false, at: now, into: &actions)
    }
  }

  private mutating func setChoked(
    _ key: PeerKey, _ isChoked: Bool, at now: Instant, into actions: inout [Action]
  ) {
    peers[key]?.demand.isChoked = isChoked
    peers[key]?.demand.chokeChanged = now
    send(isChoked ? .choke : .unchoke, to: key, at: now, into: &actions)
    guard isChoked, let waiting = peers[key]?.demand.uploads.removeAll() else { return }
    for block in waiting { refuse(block, of: key, at: now, into: &actions) }
  }

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
      guard peers[key]?.supportsFast == true else { throw .tooManyRequests }
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
    peers[key]?.lastSent = now
    pumpUploads(to: key, at: now, into: &actions)
  }

  /// Hands blocks to the shell as far as its hands, and the limit, allow.
  mutating func pumpUploads(to key: PeerKey, at now: Instant, into actions: inout [Action]) {
    if offering.uploadLimit.isLimited { return shareUploads(at: now, into: &actions) }
    while giveBlock(to: key, into: &actions) {}
  }

  /// Under a limit peers get a block each in turn: whoever comes first would take it all otherwise. O(peers) a
  /// round.
  mutating func shareUploads(at now: Instant, into actions: inout [Action]) {
    offering.nextShare = nil
    guard isUploadOpen(at: now) else { return }
    let keys = peers.keys
    let start = keys.firstIndex { $0.slot > offering.uploadTurn } ?? 0
    var hasGiven = true
    while hasGiven {
      hasGiven = false
      for key in keys[start...] + keys[..<start] where giveBlock(to: key, into: &actions) {
        hasGiven = true
        offering.uploadTurn = key.slot
        guard isUploadOpen(at: now) else { return }
      }
    }
  }

  /// Whether the limit lets a block pass. If not, it is asked again when it does.
  private mutating func isUploadOpen(at now: Instant) -> Bool {
    if offering.uploadLimit.isOpen(at: now) { return true }
    offering.nextShare = offering.uploadLimit.opens
    return false
  }

  /// The next block of one peer; says whether there was one that the shell has room for.
  private mutating func giveBlock(to key: PeerKey, into actions: inout [Action]) -> Bool {
    guard let inHand = peers[key]?.demand.uploads.inHand, inHand < Self.uploadsInHand,
      let block = peers[key]?.demand.uploads.popFirst()
    else { return false }
    offering.uploadLimit.take(block.length)
    peers[key]?.demand.uploads.inHand += 1
    actions.append(.upload(key, block))
    return true
  }
}
