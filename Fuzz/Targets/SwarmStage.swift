import Metainfo
import Transfer

/// Three cores with one governor, and the connections to them: what a session's shell does, without streams and disks.
struct SwarmStage {
  private struct Connection {
    let torrent: Int
    let endpoint: Endpoint
    var dialect: PeerDialect
    var waiting: [UInt8] = []
    /// The block that is coming in, with its place if it has one.
    var incoming: (raw: RawBlock, span: BlockSpan?)?
  }

  private static let connectionsAtMost = 12
  private var governor: Governor
  private var cores: [SwarmCore]
  private var connections: [[PeerKey: Connection]] = [[:], [:], [:]]
  private var inboxes: [[SwarmCore.Input]] = [[], [], []]
  private var isHandling = [false, false, false]
  private var isGoverning = false
  private var checking: [(torrent: Int, piece: PieceIndex)] = []
  private var uploading: [(torrent: Int, peer: PeerKey, block: BlockSpan)] = []
  private var dialing: [(torrent: Int, endpoint: Endpoint)] = []
  private var now = Instant(nanoseconds: 1_000_000_000)
  private var slots: UInt32 = 0

  init() {
    var limits = SessionLimits()
    limits.maxPeers = 8
    limits.uploadSlots = 3
    governor = Governor(limits, dialsAtOnce: 3, pieceMemory: 5 * PieceGeometry.blockLength)
    cores = [(1, 1), (7, 3), (40, 2)].enumerated().map { number, size in
      let (pieces, blocks) = size
      let length = blocks * PieceGeometry.blockLength
      guard let geometry = PieceGeometry(totalLength: pieces * length - 100, pieceLength: length),
        let id = PeerID(Array("-TC0100-fuzzfuzzfuzz".utf8))
      else { preconditionFailure("no such torrent") }
      var own = SwarmLimits()
      own.downloads = number != 1
      own.maxWorkers = 3
      return SwarmCore(
        geometry: geometry, have: number == 1 ? Bitfield(allOf: pieces) : Bitfield(pieceCount: pieces),
        ownID: id,
        limits: own, key: TorrentKey(slot: UInt32(number), generation: 1), port: 6881, seed: UInt64(number))
    }
  }

  // MARK: Steps

  mutating func perform(_ step: UInt8, _ script: inout Script) {
    let argument = Int(step >> 4)
    switch step & 15 {
    case 0, 1: connect(argument, isOutgoing: step & 1 == 1, &script)
    case 2, 3, 4: feed(script.bytes(script.byte()), argument)
    case 5, 6, 7, 8: feed(message(&script).encoded, argument)
    case 9: feedBlock(argument, &script)
    case 10: pass(.milliseconds(50 * (1 + script.byte())))
    case 11: pass(.seconds(1 + script.byte()))
    case 12: leave(argument)
    case 13: answerCheck(isGood: argument & 1 == 0, fingerprint: UInt64(argument >> 1))
    case 14: answerUploads(isSent: argument != 3)
    default: other(argument, &script)
    }
  }

  private mutating func connect(_ argument: Int, isOutgoing: Bool, _ script: inout Script) {
    let torrent = argument % 3
    let word = script.byte()
    guard connections.map(\.count).reduce(0, +) < Self.connectionsAtMost,
      let address = IPAddress([10, 0, 0, UInt8(word & 15)]),
      let id = PeerID(Array("-XX0000-peer".utf8) + [UInt8](repeating: UInt8(word >> 4), count: 8))
    else { return }
    var endpoint = Endpoint(address, port: 1000 + UInt16(word))
    if isOutgoing {
      // Only somebody who was dialed can have answered.
      guard let place = dialing.firstIndex(where: { $0.torrent == torrent }) else { return }
      endpoint = dialing.remove(at: place).endpoint
    }
    slots += 1
    let key = PeerKey(slot: slots % 16, generation: slots)
    guard connections[torrent][key] == nil,
      !connections[torrent].keys.contains(where: { $0.slot == key.slot })
    else {
      if isOutgoing { tell(.dialFailed(endpoint), torrent) }
      return
    }
    var dialect = PeerDialect()
    var consumed = 0
    let handshake = Handshake(infoHash: InfoHash([UInt8](repeating: 1, count: 20))!, peerID: id).encoded
    while !dialect.isHeld { _ = try? dialect.next(in: handshake.span.bytes, consumed: &consumed) }
    dialect.open(pieceCount: cores[torrent].geometry.pieceCount)
    connections[torrent][key] = Connection(torrent: torrent, endpoint: endpoint, dialect: dialect)
    tell(
      .joined(
        key,
        SwarmCore.Newcomer(
          endpoint: endpoint, isOutgoing: isOutgoing, id: id, supportsFast: argument & 4 == 0,
          supportsExtensions: argument & 8 == 0)), torrent)
  }

  private func chosen(_ argument: Int) -> (torrent: Int, key: PeerKey)? {
    let all = (0..<3).flatMap { torrent in
      connections[torrent].keys.sorted { $0.slot < $1.slot }.map { (torrent, $0) }
    }
    return all.isEmpty ? nil : all[argument % all.count]
  }

  private func message(_ script: inout Script) -> Message {
    let kind = script.byte()
    let number = UInt32(script.byte() % 48)
    func block() -> RawBlock {
      let word = script.byte()
      return RawBlock(
        piece: number, offset: UInt32(word % 4) * UInt32(PieceGeometry.blockLength),
        length: UInt32(PieceGeometry.blockLength) - (word & 64 == 0 ? 0 : 100))
    }
    switch kind % 16 {
    case 0: return .choke
    case 1, 2: return .unchoke
    case 3, 4: return .interested
    case 5: return .notInterested
    case 6: return .have(number)
    case 7: return .bitfield(script.bytes(1 + Int(number) / 8))
    case 8, 9: return .request(block())
    case 10: return .cancel(block())
    case 11: return .haveAll
    case 12: return .haveNone
    case 13: return .reject(block())
    case 14: return kind & 16 == 0 ? .allowedFast(number) : .suggest(number)
    default:
      var handshake = ExtensionHandshake(client: "x", requestQueue: 1 + Int(number))
      handshake.port = UInt16(1000 + Int(number))
      return .extensionHandshake(handshake)
    }
  }

  /// Mostly blocks that were asked for.
  private mutating func feedBlock(_ argument: Int, _ script: inout Script) {
    guard let (torrent, key) = chosen(argument) else { return }
    let word = script.byte()
    var raw = RawBlock(piece: UInt32(word % 48), offset: 0, length: UInt32(PieceGeometry.blockLength))
    if word < 200 {
      let geometry = cores[torrent].geometry
      search: for piece in 0..<geometry.pieceCount {
        let piece = PieceIndex(unchecked: (piece + word) % geometry.pieceCount)
        for number in 0..<geometry.blockCount(of: piece) {
          let asked = RawBlock(geometry.block(number, of: piece))
          if cores[torrent].expects(asked, from: key) != nil {
            raw = asked
            break search
          }
        }
      }
    }
    var bytes: [UInt8] = []
    raw.encodePieceHeader(into: &bytes)
    feed(bytes + [UInt8](repeating: 0, count: Int(raw.length)), argument)
  }

  private mutating func other(_ argument: Int, _ script: inout Script) {
    switch argument {
    case 0...3:
      let word = script.byte()
      guard let address = IPAddress([10, 1, 0, UInt8(word)]) else { return }
      tell(.learned([Endpoint(address, port: 6881)], word & 1 == 0 ? .tracker : .user), argument % 3)
    case 4...7:
      guard let failed = dialing.popLast() else { return }
      tell(.dialFailed(failed.endpoint), failed.torrent)
    case 8, 9:
      let torrent = argument == 8 ? 0 : 2
      let piece = PieceIndex(unchecked: script.byte() % cores[torrent].geometry.pieceCount)
      if cores[torrent].have.contains(piece) {
        tell(.lost(piece, isWanted: argument == 8 || script.byte() > 9), torrent)
      }
    case 10, 11: governor.upload.limit = argument == 10 ? nil : 1 + script.byte() * 1024
    case 12, 13: governor.download.limit = argument == 12 ? nil : 1 + script.byte() * 1024
    case 14: governor.slots.capacity = 1 + script.byte() % 6
    default: tell(.giveUpSeat, script.byte() % 3)
    }
    govern()
  }

  // MARK: A peer's stream

  private mutating func feed(_ bytes: [UInt8], _ argument: Int) {
    guard let (torrent, key) = chosen(argument) else { return }
    connections[torrent][key]?.waiting += bytes
    while var connection = connections[torrent][key] {
      var consumed = 0
      let event: PeerDialect.Event?
      let waiting = connection.waiting
      do throws(WireError) {
        event = try connection.dialect.next(in: waiting.span.bytes, consumed: &consumed)
      } catch { return end(key, of: torrent) }
      connection.waiting.removeFirst(consumed)
      connections[torrent][key] = connection
      switch event {
      case nil:
        precondition(connection.waiting.count < connection.dialect.needed)
        return
      case .message(let message): tell(.message(key, message), torrent)
      case .block(let raw): begin(raw, key, torrent)
      case .payload: received(key, torrent)
      case .greeting, .handshake: preconditionFailure("a second handshake")
      }
    }
  }

  private mutating func begin(_ raw: RawBlock, _ key: PeerKey, _ torrent: Int) {
    guard let span = cores[torrent].expects(raw, from: key) else {
      connections[torrent][key]?.dialect.abandonBlock()
      return tell(.unwanted(key, raw), torrent)
    }
    connections[torrent][key]?.incoming = (raw, span)
  }

  private mutating func received(_ key: PeerKey, _ torrent: Int) {
    guard let connection = connections[torrent][key], connection.dialect.payloadLeft == 0,
      let block = connection.incoming
    else { return }
    connections[torrent][key]?.incoming = nil
    // What has happened while it came may have made it useless.
    if let span = block.span, cores[torrent].expects(block.raw, from: key) != nil {
      tell(.block(key, span), torrent)
    } else {
      tell(.unwanted(key, block.raw), torrent)
    }
  }

  // MARK: The shell's answers

  private mutating func leave(_ argument: Int) {
    if let (torrent, key) = chosen(argument) { end(key, of: torrent) }
  }

  private mutating func end(_ key: PeerKey, of torrent: Int) {
    guard connections[torrent].removeValue(forKey: key) != nil else { return }
    uploading.removeAll { $0.torrent == torrent && $0.peer == key }
    tell(.left(key), torrent)
  }

  private mutating func answerCheck(isGood: Bool, fingerprint: UInt64) {
    guard !checking.isEmpty else { return }
    let (torrent, piece) = checking.removeFirst()
    let fingerprints = (0..<cores[torrent].geometry.blockCount(of: piece)).map { UInt64($0) &+ fingerprint }
    tell(
      .checked(piece, isGood ? .good(fingerprints: fingerprints) : .bad(fingerprints: fingerprints)), torrent)
  }

  private mutating func answerUploads(isSent: Bool) {
    let sent = uploading
    uploading = []
    for one in sent where connections[one.torrent][one.peer] != nil {
      tell(isSent ? .uploaded(one.peer, one.block) : .unsent(one.peer, one.block), one.torrent)
    }
  }

  private mutating func pass(_ span: Instant.Span) {
    now = now + span
    for torrent in 0..<3 {
      // A core that is woken in time asks for a later moment.
      for _ in 0..<20 {
        guard let due = cores[torrent].nextDue, due <= now else { break }
        tell(.timePassed, torrent)
      }
      precondition((cores[torrent].nextDue ?? now + .seconds(1)) > now, "woken again and again")
    }
    govern()
  }

  // MARK: Cores and actions

  /// Tells the core, and performs what it says. What comes of that in turn waits until it is performed.
  private mutating func tell(_ input: SwarmCore.Input, _ torrent: Int) {
    inboxes[torrent].append(input)
    guard !isHandling[torrent] else { return }
    isHandling[torrent] = true
    var next = 0
    while next < inboxes[torrent].count {
      precondition(next < 5_000, "one input, and no end of what comes of it")
      var actions: [SwarmCore.Action] = []
      cores[torrent].handle(inboxes[torrent][next], at: now, sharing: &governor, into: &actions)
      precondition(actions.count < 5_000, "one input, and no end of actions")
      if let broken = cores[torrent].brokenInvariantAnywhere() { preconditionFailure(broken) }
      if let broken = cores[torrent].brokenShare(of: governor) { preconditionFailure(broken) }
      next += 1
      for action in actions { perform(action, torrent) }
    }
    inboxes[torrent] = []
    isHandling[torrent] = false
    govern()
  }

  private mutating func perform(_ action: SwarmCore.Action, _ torrent: Int) {
    switch action {
    case .dial(let endpoint, _): dialing.append((torrent, endpoint))
    case .send(let key, let message):
      precondition(connections[torrent][key] != nil, "\(message) for nobody")
    case .upload(let key, let block):
      precondition(cores[torrent].have.contains(block.piece), "a block that isn't here")
      uploading.append((torrent, key, block))
    case .disconnect(let key, _): end(key, of: torrent)
    case .check(let piece, _): checking.append((torrent, piece))
    case .needSeat(let other): tell(.giveUpSeat, Int(other.slot))
    case .discard, .verified, .banned, .unobtainable, .completed: break
    }
  }

  /// Gives the turns that there are, as a session does.
  private mutating func govern() {
    guard !isGoverning else { return }
    isGoverning = true
    defer { isGoverning = false }
    for _ in 0..<10_000 {
      if let turn = governor.upload.nextTurn(at: now) {
        tell(.mayUpload(turn.peer), Int(turn.torrent.slot))
      } else if let turn = governor.download.nextTurn(at: now) {
        tell(.mayRequest(turn.peer), Int(turn.torrent.slot))
      } else if let torrent = governor.dials.nextTurn() {
        tell(.mayDial, Int(torrent.slot))
      } else {
        let unsettled = governor.slots.unsettled()
        if unsettled.isEmpty { return }
        for torrent in unsettled { tell(.slotsChanged, Int(torrent.slot)) }
      }
    }
    preconditionFailure("turns without end")
  }

  /// Everybody goes, and with them all that they had.
  mutating func end() {
    for torrent in 0..<3 {
      for key in connections[torrent].keys.sorted(by: { $0.slot < $1.slot }) { end(key, of: torrent) }
      for dialed in dialing where dialed.torrent == torrent { tell(.dialFailed(dialed.endpoint), torrent) }
      dialing.removeAll { $0.torrent == torrent }
    }
    precondition(governor.seats.taken == 0, "a seat that nobody has")
    for torrent in 0..<3 { cores[torrent].leave(&governor) }
    precondition(governor.dials.taken == 0, "a dial that nobody makes")
    precondition(governor.slots.taken == 0, "a slot that nobody has")
    precondition(governor.memory.taken == 0, "memory of no piece")
  }
}
