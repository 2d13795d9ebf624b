import Metainfo

/// What peers say.
extension SwarmCore {
  mutating func received(
    _ message: Message, from key: PeerKey, at now: Instant, into actions: inout [Action]
  ) {
    guard peers[key] != nil else { return }
    peers[key]?.lastHeard = now
    do throws(WireError) {
      try interpret(message, from: key, at: now, into: &actions)
    } catch {
      depart(key, .broke(error), at: now, into: &actions)
    }
  }

  private mutating func interpret(
    _ message: Message, from key: PeerKey, at now: Instant, into actions: inout [Action]
  ) throws(WireError) {
    switch message {
    case .keepAlive, .port: break
    case .choke: choked(by: key, at: now, into: &actions)
    case .unchoke:
      peers[key]?.supply.isChokingUs = false
      welcome(key, at: now, into: &actions)
    case .interested: interested(key, at: now, into: &actions)
    case .notInterested: notInterested(key, at: now, into: &actions)
    case .have(let raw):
      guard let piece = geometry.piece(raw) else { throw .invalid(message: .have) }
      announced(piece, by: key, at: now, into: &actions)
    case .bitfield(let packed):
      let has = try Bitfield(packed: packed, pieceCount: geometry.pieceCount)
      try named(has, by: key, .bitfield, at: now, into: &actions)
    case .haveAll:
      try requireFast(key, .haveAll)
      try named(Bitfield(allOf: geometry.pieceCount), by: key, .haveAll, at: now, into: &actions)
    case .haveNone:
      try requireFast(key, .haveNone)
      try named(Bitfield(pieceCount: geometry.pieceCount), by: key, .haveNone, at: now, into: &actions)
    case .request(let raw): try requested(raw, by: key, at: now, into: &actions)
    case .cancel(let raw):
      guard let block = span(raw) else { throw .invalid(message: .cancel) }
      cancelled(block, by: key, at: now, into: &actions)
    case .reject(let raw):
      try requireFast(key, .reject)
      guard let block = span(raw) else { throw .invalid(message: .reject) }
      rejected(block, by: key, at: now, into: &actions)
    case .suggest(let raw):
      try requireFast(key, .suggest)
      guard geometry.piece(raw) != nil else { throw .invalid(message: .suggest) }
    case .allowedFast(let raw):
      // Pieces that may be asked for while choked; nothing is asked for while choked, so nothing changes.
      try requireFast(key, .allowedFast)
      guard geometry.piece(raw) != nil else { throw .invalid(message: .allowedFast) }
    case .extensionHandshake(let handshake):
      // It may come again, and then counts for what it says.
      if let kept = handshake.requestQueue { peers[key]?.supply.window.allow(kept) }
      if let port = handshake.port, let peer = peers[key], !peer.isOutgoing {
        book.connected(Endpoint(peer.endpoint.address, port: port), as: key, at: now)
      }
    }
  }

  private func requireFast(_ key: PeerKey, _ name: WireError.MessageName) throws(WireError) {
    guard peers[key]?.supportsFast == true else { throw .notNegotiated(message: name) }
  }

  func span(_ raw: RawBlock) -> BlockSpan? {
    geometry.span(piece: raw.piece, offset: raw.offset, length: raw.length)
  }

  /// The peer has one more piece.
  private mutating func announced(
    _ piece: PieceIndex, by key: PeerKey, at now: Instant, into actions: inout [Action]
  ) {
    peers[key]?.hasNamedPieces = true
    guard let isNews = peers[key]?.has.insert(piece), isNews, let has = peers[key]?.has else { return }
    fetching.gained(piece, has, using: &random)
    if fetching.isActive, fetching.picker.contains(piece) { peers[key]?.supply.exhaustedAt = nil }
    if missing.contains(piece) {
      peers[key]?.supply.wantedCount += 1
      updateInterest(in: key, at: now, into: &actions)
      welcome(key, at: now, into: &actions)
    }
    departIfBothDone(key, at: now, into: &actions)
  }

  /// The peer has named all its pieces at once. That is the first thing it may say of them, and done once: a table of
  /// pieces in every message would keep everyone busy.
  private mutating func named(
    _ has: Bitfield, by key: PeerKey, _ name: WireError.MessageName, at now: Instant,
    into actions: inout [Action]
  ) throws(WireError) {
    guard peers[key]?.hasNamedPieces == false else { throw .tooLate(message: name) }
    peers[key]?.hasNamedPieces = true
    fetching.gained(has, using: &random)
    peers[key]?.has = has
    peers[key]?.supply.exhaustedAt = nil
    peers[key]?.supply.wantedCount = has.count(in: missing)
    updateInterest(in: key, at: now, into: &actions)
    welcome(key, at: now, into: &actions)
    departIfBothDone(key, at: now, into: &actions)
  }

  mutating func updateInterest(in key: PeerKey, at now: Instant, into actions: inout [Action]) {
    guard let wanted = peers[key]?.supply.wantedCount, let before = peers[key]?.supply.areWeInterested else {
      return
    }
    let wants = limits.downloads && wanted > 0
    guard wants != before else { return }
    peers[key]?.supply.areWeInterested = wants
    send(wants ? .interested : .notInterested, to: key, at: now, into: &actions)
  }

  /// A peer that has everything wants nothing from here; when nothing is missing here either, that was it.
  mutating func departIfBothDone(_ key: PeerKey, at now: Instant, into actions: inout [Action]) {
    guard isComplete, peers[key]?.has.isFull == true else { return }
    depart(key, .bothDone, at: now, into: &actions)
  }
}
