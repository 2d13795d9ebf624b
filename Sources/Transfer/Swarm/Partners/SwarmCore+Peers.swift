import Metainfo
import Text

/// Peers come, are dialed, and go.
extension SwarmCore {
  /// Two connections that came up within this time are the two sides dialing each other at once.
  static let crossingTime = Instant.Span.seconds(5)
  /// A connection of which nothing was heard for this long makes way for the same peer's next.
  static let quietTime = Instant.Span.seconds(10)

  mutating func learned(
    _ endpoints: [Endpoint], from origin: AddressOrigin, at now: Instant, into actions: inout [Action]
  ) {
    for endpoint in endpoints { book.learn(endpoint, from: origin, at: now) }
    dial(at: now, into: &actions)
  }

  /// For connecting, and again for the handshake: while others wait to be dialed, who answers at once goes first.
  static let patience = Instant.Span.seconds(5)
  static let patienceInCrowd = Instant.Span.seconds(2)

  /// When an address is to be dialed; `nil` while there is no address or no room for one.
  var nextDial: Instant? {
    guard !isAwaitingDial, let due = book.nextDue else { return nil }
    return max(due, nextSeatLook)
  }

  /// While every seat is taken, for as long as nobody of this torrent leaves.
  private static let seatLookPause = Instant.Span.seconds(1)

  mutating func dial(at now: Instant, into actions: inout [Action]) {
    isAwaitingDial = false
    nextSeatLook = now
    while let due = book.nextDue, due <= now {
      guard governor.seats.taken + governor.dials.taken < governor.seats.capacity else {
        return nextSeatLook = now + Self.seatLookPause
      }
      guard governor.dials.take(for: self.key) else { return isAwaitingDial = true }
      guard let endpoint = book.next(at: now) else {
        return governor.dials.giveBack(of: self.key)
      }
      observe(.dialed(endpoint))
      let isCrowded = book.nextDue.map { $0 <= now } ?? false
      actions.append(.dial(endpoint, within: isCrowded ? Self.patienceInCrowd : Self.patience))
    }
  }

  mutating func undialed(_ endpoint: Endpoint, at now: Instant, into actions: inout [Action]) {
    governor.dials.giveBack(of: key)
    observe(.unreached(endpoint))
    book.failed(endpoint, at: now)
    dial(at: now, into: &actions)
  }

  mutating func joined(
    _ key: PeerKey, _ newcomer: Newcomer, at now: Instant, into actions: inout [Action]
  ) {
    if newcomer.isOutgoing { governor.dials.giveBack(of: self.key) }
    if let farewell = refusal(of: newcomer, at: now, into: &actions) {
      if newcomer.isOutgoing { undo(dialOf: newcomer, farewell, at: now) }
      actions.append(.disconnect(key, farewell))
      return
    }
    if newcomer.isOutgoing { book.connected(newcomer.endpoint, as: key, at: now) }
    let peer = Peer(
      endpoint: newcomer.endpoint, isOutgoing: newcomer.isOutgoing, id: newcomer.id,
      supportsFast: newcomer.supportsFast, pieceCount: geometry.pieceCount, joined: now)
    peers.insert(peer, at: key)
    governor.seats.take(peer.endpoint.address, for: self.key, isOutgoing: peer.isOutgoing)
    upkeep.expect(peer)
    if newcomer.supportsExtensions {
      var handshake = ExtensionHandshake(client: Release.name, requestQueue: Self.longestUploadQueue)
      handshake.port = port
      send(.extensionHandshake(handshake), to: key, at: now, into: &actions)
    }
    if newcomer.supportsFast, have.isFull {
      send(.haveAll, to: key, at: now, into: &actions)
    } else if newcomer.supportsFast, have.isEmpty {
      send(.haveNone, to: key, at: now, into: &actions)
    } else if !have.isEmpty {
      send(.bitfield(have.packed), to: key, at: now, into: &actions)
    }
  }

  /// A peer that was dialed is sent away: where it has led to one that is connected already, that one's address is known
  /// now.
  private mutating func undo(dialOf newcomer: Newcomer, _ farewell: Farewell, at now: Instant) {
    if farewell == .duplicate, let twin = peers.key(of: newcomer.id) {
      book.connected(newcomer.endpoint, as: twin, at: now)
    } else {
      book.failed(newcomer.endpoint, at: now)
    }
  }

  /// Why a newcomer can't stay, or `nil`. May end an older connection in its favour.
  private mutating func refusal(
    of newcomer: Newcomer, at now: Instant, into actions: inout [Action]
  ) -> Farewell? {
    if newcomer.id == ownID {
      if newcomer.isOutgoing { book.isOwn(newcomer.endpoint) }
      return .oneself
    }
    if book.isBanned(newcomer.endpoint) { return .banned }
    if let twin = peers.key(of: newcomer.id), let older = peers[twin] {
      // Both sides have dialed each other at once: both keep the connection of the side with the larger id.
      // A connection that has been at work for longer is not given up for what may be a borrowed id.
      let keptIsOutgoing = newcomer.id.bytes.lexicographicallyPrecedes(ownID.bytes)
      let isCrossing =
        older.isOutgoing != newcomer.isOutgoing && newcomer.isOutgoing == keptIsOutgoing
        && now - older.joined < Self.crossingTime
      // It comes back from where it was before, and the earlier line has gone quiet: cut without a word.
      let isReturning =
        older.endpoint.address == newcomer.endpoint.address && now - older.lastHeard >= Self.quietTime
      guard isCrossing || isReturning else { return .duplicate }
      depart(twin, .duplicate, at: now, into: &actions)
    }
    return seatRefusal(of: newcomer, at: now, into: &actions)
  }

  /// Ends a connection by this side's will.
  mutating func depart(
    _ key: PeerKey, _ farewell: Farewell, at now: Instant, into actions: inout [Action]
  ) {
    guard peers[key] != nil else { return }
    observe(.parted(key, farewell))
    actions.append(.disconnect(key, farewell))
    left(key, at: now, farewell, into: &actions)
  }

  mutating func left(
    _ key: PeerKey, at now: Instant, _ farewell: Farewell? = nil, into actions: inout [Action]
  ) {
    guard peers[key] != nil else { return }
    endLease(of: key, .left, at: now, into: &actions)
    guard let peer = peers.remove(key) else { return }
    governor.seats.giveBack(peer.endpoint.address, of: self.key, isOutgoing: peer.isOutgoing)
    fetching.waiting.remove(key)
    _ = fetching.snubbed.remove(key)
    if peers.count == 0 { upkeep.begin() }
    fetching.lost(peer.has, using: &random)
    book.left(key, at: now, isRedundant: farewell == .bothDone)
    endDemand(key, peer.demand, at: now, into: &actions)
    reportUnobtainable(into: &actions)
    assignWorkers(at: now, into: &actions)
    dial(at: now, into: &actions)
  }

  /// Proof that this source sends wrong data: all its connections end, and what it has sent goes.
  mutating func ban(_ source: PeerSource, at now: Instant, into actions: inout [Action]) {
    book.ban(source)
    for index in fetching.active.indices where !fetching.active[index].isBeingChecked {
      for number in fetching.active[index].forgetBlocks(from: source) {
        wastedBytes += geometry.block(number, of: fetching.active[index].piece).length
      }
    }
    for key in peers.keys {
      guard let peer = peers[key], peer.source == source else { continue }
      actions.append(.banned(peer.endpoint))
      depart(key, .banned, at: now, into: &actions)
    }
  }

  mutating func send(_ message: Message, to key: PeerKey, at now: Instant, into actions: inout [Action]) {
    peers[key]?.lastSent = now
    actions.append(.send(key, message))
  }

  /// Leaves those that have been silent for too long, and keeps the other connections alive. O(peers)
  mutating func lookAfterConnections(at now: Instant, into actions: inout [Action]) {
    upkeep.begin()
    for place in peers.places {
      guard let key = peers.key(at: place), let peer = peers[key] else { continue }
      if now - peer.lastHeard >= Upkeep.silenceAllowed {
        depart(key, .silent, at: now, into: &actions)
        continue
      }
      if now - peer.lastSent >= Upkeep.keepAliveInterval {
        send(.keepAlive, to: key, at: now, into: &actions)
      }
      if let peer = peers[key] { upkeep.expect(peer) }
    }
    upkeep.end(at: now)
  }
}
