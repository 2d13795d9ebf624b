import Metainfo
import Testing

@testable import Transfer

/// One core and the scripted peers around it, so that a test reads as a dialogue:
///
///     var core = CoreHarness(pieces: 2)
///     core.connect(1)
///     core.peer(1, says: .haveAll)
///     #expect(core.said(to: 1) == [.interested])
///
/// What the core does after each input is kept until it is asked for. After every step its invariants are checked.
struct CoreHarness {
  var core: SwarmCore
  var governor: Governor
  var now = Instant(nanoseconds: 1_000_000_000)
  /// What the core has asked the shell to do and no test has looked at yet.
  private(set) var actions: [SwarmCore.Action] = []

  /// How often the core was woken.
  private(set) var wakes = 0

  static let blockLength = PieceGeometry.blockLength

  /// A core that misses everything but `have`, of `pieces` pieces of `blocks` blocks each, the last block of the
  /// last piece being `short` bytes shorter.
  init(
    pieces: Int, blocks: Int = 1, short: Int = 0, have: [Int] = [], wanted: [Int]? = nil,
    limits: SwarmLimits = SwarmLimits(), sharing: SessionLimits = SessionLimits(), seed: UInt64 = 1,
    files: FileLayout? = nil
  ) {
    governor = Governor(sharing)
    let pieceLength = blocks * Self.blockLength
    var geometry = PieceGeometry(totalLength: pieces * pieceLength - short, pieceLength: pieceLength)!
    if let files { geometry = geometry.endingPieces(with: files)! }
    let owned = Self.set(have, of: pieces)
    let chosen = wanted.map { Self.set($0, of: pieces) }
    core = SwarmCore(
      geometry: geometry, have: owned, wanted: chosen, ownID: Self.ownID, limits: limits, seed: seed)
  }

  // MARK: Names

  static func set(_ numbers: [Int], of pieceCount: Int) -> Bitfield {
    var set = Bitfield(pieceCount: pieceCount)
    for number in numbers { set.insert(PieceIndex(unchecked: number)) }
    return set
  }

  static let ownID = PeerID(Array("-TC0100-own.own.own.".utf8))!

  static func key(_ peer: Int) -> PeerKey { PeerKey(slot: UInt32(peer), generation: 1) }

  static func endpoint(_ peer: Int) -> Endpoint {
    Endpoint(IPAddress([10, 0, UInt8(peer >> 8), UInt8(peer & 255)])!, port: 6881)
  }

  static func id(_ peer: Int, isBelowOwn: Bool = false) -> PeerID {
    PeerID(
      [isBelowOwn ? 0x21 : 0x7e] + Array("LT2110-----".utf8) + [UInt8(peer >> 8 & 255)]
        + [UInt8](repeating: UInt8(peer & 255), count: 7)
    )!
  }

  static func block(_ piece: Int, _ number: Int = 0) -> BlockSpan {
    BlockSpan(piece: PieceIndex(unchecked: piece), offset: number * blockLength, length: blockLength)
  }

  static func raw(_ piece: Int, _ number: Int = 0) -> RawBlock { RawBlock(block(piece, number)) }

  // MARK: Inputs

  mutating func handle(_ input: SwarmCore.Input, _ location: SourceLocation = #_sourceLocation) {
    core.handle(input, at: now, sharing: &governor, into: &actions)
    govern()
    if let broken = core.brokenInvariantAnywhere() ?? core.brokenShare(of: governor) {
      Issue.record("after \(input): \(broken)", sourceLocation: location)
    }
  }

  /// Gives the turns that the governor has for this core, as a session does.
  private mutating func govern() {
    let key = core.key
    while let turn = governor.upload.nextTurn(at: now) {
      core.handle(.mayUpload(turn.peer), at: now, sharing: &governor, into: &actions)
    }
    while let turn = governor.download.nextTurn(at: now) {
      core.handle(.mayRequest(turn.peer), at: now, sharing: &governor, into: &actions)
    }
    while governor.dials.nextTurn() == key {
      core.handle(.mayDial, at: now, sharing: &governor, into: &actions)
    }
  }

  private var nextDue: Instant? {
    guard let own = core.nextDue, let shared = governor.nextDue else {
      return core.nextDue ?? governor.nextDue
    }
    return min(own, shared)
  }

  mutating func connect(
    _ peer: Int, isOutgoing: Bool = false, fast: Bool = true, id: PeerID? = nil, endpoint: Endpoint? = nil
  ) {
    handle(
      .joined(
        Self.key(peer),
        Self.newcomer(peer, isOutgoing: isOutgoing, fast: fast, id: id, endpoint: endpoint)))
  }

  static func newcomer(
    _ peer: Int, isOutgoing: Bool = false, fast: Bool = true, id: PeerID? = nil, endpoint: Endpoint? = nil
  ) -> SwarmCore.Newcomer {
    SwarmCore.Newcomer(
      endpoint: endpoint ?? Self.endpoint(peer), isOutgoing: isOutgoing, id: id ?? Self.id(peer),
      supportsFast: fast)
  }

  /// A connected, unchoking peer with all pieces; what the core said meanwhile is forgotten.
  mutating func connectSeed(_ peer: Int, fast: Bool = true) {
    connect(peer, fast: fast)
    self.peer(peer, says: .bitfield(Bitfield(allOf: core.geometry.pieceCount).packed), .unchoke)
  }

  mutating func peer(
    _ peer: Int, says messages: Message..., at location: SourceLocation = #_sourceLocation
  ) {
    for message in messages { handle(.message(Self.key(peer), message), location) }
  }

  /// A `piece` message arrives, as the shell would treat it.
  mutating func peer(_ peer: Int, sends raw: RawBlock) {
    if let span = core.expects(raw, from: Self.key(peer)) {
      handle(.block(Self.key(peer), span))
    } else {
      handle(.unwanted(Self.key(peer), raw))
    }
  }

  mutating func check(_ piece: Int, isGood: Bool = true, fingerprints: [UInt64] = []) {
    handle(
      .checked(
        PieceIndex(unchecked: piece),
        isGood ? .good(fingerprints: fingerprints) : .bad(fingerprints: fingerprints)))
  }

  /// Lets time pass: the core is woken whenever it wants to be. One that wants so without end stands still.
  mutating func wait(_ seconds: Double) {
    let end = now + Instant.Span(nanoseconds: Int64(seconds * 1e9))
    var wakesAtOnce = 0
    while let due = nextDue, due <= end {
      wakesAtOnce = due > now ? 0 : wakesAtOnce + 1
      if wakesAtOnce > 100 {
        Issue.record("the core wants to be woken again and again at \(now)")
        break
      }
      now = max(now, due)
      wakes += 1
      handle(.timePassed)
    }
    now = end
  }

  /// One input without a look at the invariants, which walk over all pieces and peers.
  mutating func unchecked(_ input: SwarmCore.Input) {
    core.handle(input, at: now, sharing: &governor, into: &actions)
  }

  /// Many requests of one peer; the invariants are checked once, behind them.
  mutating func peer(_ peer: Int, requests blocks: [RawBlock]) {
    for block in blocks {
      core.handle(.message(Self.key(peer), .request(block)), at: now, sharing: &governor, into: &actions)
    }
    handle(.message(Self.key(peer), .keepAlive))
  }

  // MARK: What the core did

  /// Everything since the last look.
  mutating func takeActions() -> [SwarmCore.Action] {
    defer { actions = [] }
    return actions
  }

  /// The messages to a peer since the last look at it; other actions stay.
  mutating func said(to peer: Int) -> [Message] {
    var messages: [Message] = []
    actions.removeAll { action in
      guard case .send(Self.key(peer), let message) = action else { return false }
      messages.append(message)
      return true
    }
    return messages
  }

  /// The blocks asked of a peer since the last look, other messages to it being dropped.
  mutating func asked(of peer: Int) -> [RawBlock] {
    said(to: peer).compactMap { if case .request(let block) = $0 { block } else { nil } }
  }

  /// Blocks handed over for upload to a peer since the last look.
  mutating func uploads(to peer: Int) -> [BlockSpan] {
    var blocks: [BlockSpan] = []
    actions.removeAll { action in
      guard case .upload(Self.key(peer), let block) = action else { return false }
      blocks.append(block)
      return true
    }
    return blocks
  }

  /// How the core has ended a connection, if it has.
  func farewell(to peer: Int) -> SwarmCore.Farewell? {
    for case .disconnect(Self.key(peer), let farewell) in actions { return farewell }
    return nil
  }

  var disconnected: [PeerKey] {
    actions.compactMap { if case .disconnect(let key, _) = $0 { key } else { nil } }
  }
  var dialed: [Endpoint] {
    actions.compactMap { if case .dial(let endpoint, _) = $0 { endpoint } else { nil } }
  }
  var checks: [Int] {
    actions.compactMap { if case .check(let piece, _) = $0 { piece.value } else { nil } }
  }
  var banned: [Endpoint] {
    actions.compactMap { if case .banned(let endpoint) = $0 { endpoint } else { nil } }
  }
  var isCompleted: Bool { actions.contains { if case .completed = $0 { true } else { false } } }

  func isConnected(_ peer: Int) -> Bool { core.peers[Self.key(peer)] != nil }

  var inputState: CoreState { CoreState(core) }
}

/// What must not change when a peer talks nonsense.
struct CoreState: Equatable {
  let have: Bitfield
  let underWay: [Int]
  let received: [Int]
  let requests: [Int]

  init(_ core: SwarmCore) {
    have = core.have
    underWay = core.fetching.active.map(\.piece.value)
    received = core.fetching.active.map(\.receivedCount)
    requests = core.peers.keys.map { core.peers[$0]?.supply.window.count ?? 0 }
  }
}
