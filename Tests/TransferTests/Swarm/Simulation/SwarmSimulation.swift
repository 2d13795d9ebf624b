import Metainfo

@testable import Transfer

/// A whole swarm in one value: cores wired mouth to mouth, a virtual clock, and a seeded order of delivery.
///
/// Blocks are not bytes but fingerprints: 0 is right, anything else is wrong. Links keep the order of what is
/// sent over them, as TCP does, and delay it by a random time; each node sends its blocks one after the other at
/// its own rate.
struct SwarmSimulation {
  /// What a node does other than an honest client would.
  struct Behaviour {
    /// Sends this share of its blocks corrupted.
    var corruption = 0.0
    /// Corrupts, once, the first block with this number within its piece that it is asked for.
    var corruptBlock: Int?
    var neverUnchokes = false
    /// Unchokes and answers no request.
    var sendsNothing = false
    var rejectsEverything = false
    /// Bytes per second that it can send.
    var uploadRate = 10_000_000
  }

  struct Node {
    var core: SwarmCore
    var governor = Governor()
    let endpoint: Endpoint
    var behaviour = Behaviour()
    /// Open connections: own key to the other node and its key.
    var links: [PeerKey: (node: Int, key: PeerKey)] = [:]
    var nextSlot: UInt32 = 0
    var buffers: [PieceIndex: [Int: UInt64]] = [:]
    /// Blocks this node has delivered, by the node that got them.
    var delivered: [Int: Int] = [:]
    var banned: [Endpoint] = []
    var unobtainable: [(piece: PieceIndex, sources: [Endpoint])] = []
    var farewells: [SwarmCore.Farewell] = []
    var completedAt: Instant?
    var isSending: Instant
    /// When its core is woken next.
    var wake: Instant?

    /// Tells the core, and gives the turns that its governor has, as a session does.
    mutating func handle(
      _ input: SwarmCore.Input, at now: Instant, into actions: inout [SwarmCore.Action]
    ) {
      core.handle(input, at: now, sharing: &governor, into: &actions)
      while governor.dials.nextTurn() != nil {
        core.handle(.mayDial, at: now, sharing: &governor, into: &actions)
      }
    }
  }

  private enum Delivery {
    case input(SwarmCore.Input)
    /// A block off the wire, with what is in it.
    case block(PeerKey, RawBlock, fingerprint: UInt64)
    case wake
  }

  let geometry: PieceGeometry
  var nodes: [Node] = []
  private(set) var now = Instant(nanoseconds: 0)
  private var random: SplitMix64
  private var queue = EventQueue<(node: Int, delivery: Delivery)>()
  /// When the last thing sent over a link arrives, so that nothing overtakes it.
  private var lanes: [Lane: Instant] = [:]
  /// A running digest of everything that happened: equal for equal runs.
  private(set) var trace: UInt64 = 0
  private(set) var steps = 0
  /// The first broken invariant, with the step at which it was seen.
  private(set) var broken: String?
  /// Check the slow invariants every so many steps.
  var thoroughEvery = 5_000

  /// One direction of a connection, named by its receiver.
  private struct Lane: Hashable {
    let node: Int
    let key: PeerKey
  }

  init(pieceCount: Int, pieceLength: Int, seed: UInt64) {
    geometry = PieceGeometry(totalLength: pieceCount * pieceLength - 5_000, pieceLength: pieceLength)!
    random = SplitMix64(seed: seed)
  }

  /// Adds a node; returns its number.
  @discardableResult
  mutating func add(
    isSeed: Bool, behaviour: Behaviour = Behaviour(), limits: SwarmLimits = SwarmLimits(),
    wanted: Bitfield? = nil
  ) -> Int {
    let number = nodes.count
    let endpoint = Endpoint(IPAddress([10, 0, 0, UInt8(number + 1)])!, port: 6881)
    let have = isSeed ? Bitfield(allOf: geometry.pieceCount) : Bitfield(pieceCount: geometry.pieceCount)
    let core = SwarmCore(
      geometry: geometry, have: have, wanted: wanted, ownID: PeerID(using: &random), limits: limits,
      seed: random.next())
    nodes.append(Node(core: core, endpoint: endpoint, behaviour: behaviour, isSending: now))
    return number
  }

  /// Tells a node of others.
  mutating func introduce(_ others: [Int], to node: Int) {
    schedule(node, .input(.learned(others.map { nodes[$0].endpoint }, .tracker)), at: now)
  }

  /// Runs until `isOver` says so or the virtual time is up. Says whether it was over in time.
  mutating func run(
    for limit: Instant.Span, until isOver: (SwarmSimulation) -> Bool
  ) -> Bool {
    let end = now + limit
    while broken == nil, let next = queue.nextTime, next < end, let (time, event) = queue.pop() {
      now = time
      step(event.node, event.delivery)
      if steps % 4 == 0, isOver(self) { return true }
    }
    now = max(now, min(end, queue.nextTime ?? end))
    return isOver(self)
  }

  /// Every node but those named has all the pieces that it wants.
  func isComplete(except: Set<Int> = []) -> Bool {
    nodes.indices.allSatisfy { except.contains($0) || nodes[$0].core.isComplete }
  }

  /// Cuts the connections between two nodes, those that both sides have taken up.
  mutating func cut(_ a: Int, _ b: Int) {
    for (key, link) in nodes[a].links
    where link.node == b && nodes[a].core.peers[key] != nil && nodes[b].core.peers[link.key] != nil {
      schedule(a, .input(.left(key)), at: now)
      schedule(b, .input(.left(link.key)), at: now)
    }
  }

  // MARK: One step

  private mutating func step(_ node: Int, _ delivery: Delivery) {
    steps += 1
    trace = (trace &* 31 &+ UInt64(node)) ^ UInt64(bitPattern: now.nanoseconds)
    var actions: [SwarmCore.Action] = []
    switch delivery {
    case .wake:
      guard nodes[node].wake == now else { return }
      nodes[node].wake = nil
      nodes[node].handle(.timePassed, at: now, into: &actions)
    case .input(let input):
      if case .left(let key) = input { nodes[node].links[key] = nil }
      nodes[node].handle(input, at: now, into: &actions)
    case .block(let key, let raw, let fingerprint):
      guard nodes[node].links[key] != nil else { return }
      if let block = nodes[node].core.expects(raw, from: key) {
        nodes[node].buffers[block.piece, default: [:]][block.offset] = fingerprint
        nodes[node].handle(.block(key, block), at: now, into: &actions)
      } else {
        nodes[node].handle(.unwanted(key, raw), at: now, into: &actions)
      }
    }
    perform(actions, by: node)
    arm(node)
    let share = nodes[node].core.brokenShare(of: nodes[node].governor)
    if let fault = nodes[node].core.brokenInvariant() ?? share {
      broken = "step \(steps), node \(node): \(fault)"
    }
    if steps % thoroughEvery == 0, let fault = nodes[node].core.brokenInvariantAnywhere() {
      broken = "step \(steps), node \(node): \(fault)"
    }
  }

  /// Wakes the node when its core wants it; a wake that comes too early does no harm.
  private mutating func arm(_ node: Int) {
    guard let due = nodes[node].core.nextDue, due < nodes[node].wake ?? Instant(nanoseconds: .max) else {
      return
    }
    nodes[node].wake = max(due, now)
    schedule(node, .wake, at: max(due, now))
  }

  private mutating func perform(_ actions: [SwarmCore.Action], by node: Int) {
    for action in actions {
      switch action {
      case .dial(let endpoint, _): dial(endpoint, from: node)
      case .send(let key, let message): send(message, over: key, from: node)
      case .upload(let key, let block): upload(block, over: key, from: node)
      case .disconnect(let key, let farewell):
        nodes[node].farewells.append(farewell)
        guard let link = nodes[node].links.removeValue(forKey: key) else { continue }
        schedule(node, .input(.left(key)), at: now)
        schedule(link.node, .input(.left(link.key)), at: arrival(at: link.node, link.key))
      case .check(let piece, _): check(piece, by: node)
      case .discard(let piece): nodes[node].buffers[piece] = nil
      case .verified(let piece, _): nodes[node].buffers[piece] = nil
      case .needSeat: break
      case .banned(let endpoint): nodes[node].banned.append(endpoint)
      case .unobtainable(let piece, let sources): nodes[node].unobtainable.append((piece, sources))
      case .completed: nodes[node].completedAt = now
      }
    }
  }

  private mutating func dial(_ endpoint: Endpoint, from node: Int) {
    guard let other = nodes.firstIndex(where: { $0.endpoint == endpoint }), other != node else {
      schedule(node, .input(.dialFailed(endpoint)), at: now + .milliseconds(20))
      return
    }
    let key = takeKey(node)
    let otherKey = takeKey(other)
    nodes[node].links[key] = (other, otherKey)
    nodes[other].links[otherKey] = (node, key)
    let there = arrival(at: other, otherKey)
    schedule(other, .input(.joined(otherKey, newcomer(node, isOutgoing: false))), at: there)
    let back = arrival(at: node, key, notBefore: there)
    schedule(node, .input(.joined(key, newcomer(other, isOutgoing: true))), at: back)
  }

  private func newcomer(_ node: Int, isOutgoing: Bool) -> SwarmCore.Newcomer {
    SwarmCore.Newcomer(
      endpoint: nodes[node].endpoint, isOutgoing: isOutgoing, id: nodes[node].core.ownID, supportsFast: true)
  }

  private mutating func takeKey(_ node: Int) -> PeerKey {
    nodes[node].nextSlot += 1
    return PeerKey(slot: nodes[node].nextSlot, generation: 1)
  }

  private mutating func send(_ message: Message, over key: PeerKey, from node: Int) {
    guard let link = nodes[node].links[key] else { return }
    if nodes[node].behaviour.neverUnchokes, message == .unchoke { return }
    schedule(link.node, .input(.message(link.key, message)), at: arrival(at: link.node, link.key))
  }

  private mutating func upload(_ block: BlockSpan, over key: PeerKey, from node: Int) {
    guard let link = nodes[node].links[key] else { return }
    let behaviour = nodes[node].behaviour
    let nanoseconds = Int64(block.length) * 1_000_000_000 / Int64(behaviour.uploadRate)
    nodes[node].isSending = max(nodes[node].isSending, now) + Instant.Span(nanoseconds: nanoseconds)
    schedule(node, .input(.uploaded(key, block)), at: nodes[node].isSending)
    if behaviour.sendsNothing { return }
    if behaviour.rejectsEverything {
      let rejection = SwarmCore.Input.message(link.key, .reject(RawBlock(block)))
      schedule(link.node, .input(rejection), at: arrival(at: link.node, link.key))
      return
    }
    var isWrong = Double.random(in: 0..<1, using: &random) < behaviour.corruption
    if let number = behaviour.corruptBlock, geometry.blockNumber(of: block) == number {
      isWrong = true
      nodes[node].behaviour.corruptBlock = nil
    }
    nodes[node].delivered[link.node, default: 0] += 1
    schedule(
      link.node, .block(link.key, RawBlock(block), fingerprint: isWrong ? random.next() | 1 : 0),
      at: arrival(at: link.node, link.key, notBefore: nodes[node].isSending))
  }

  private mutating func check(_ piece: PieceIndex, by node: Int) {
    let blocks = nodes[node].buffers.removeValue(forKey: piece) ?? [:]
    let fingerprints = (0..<geometry.blockCount(of: piece)).map { number in
      blocks[geometry.block(number, of: piece).offset] ?? UInt64.max
    }
    let isRight = fingerprints.allSatisfy { $0 == 0 }
    schedule(
      node,
      .input(.checked(piece, isRight ? .good(fingerprints: fingerprints) : .bad(fingerprints: fingerprints))),
      at: now + .milliseconds(Int.random(in: 1...5, using: &random)))
  }

  // MARK: Time

  private mutating func arrival(at node: Int, _ key: PeerKey, notBefore: Instant? = nil) -> Instant {
    let delay = Instant.Span.milliseconds(Int.random(in: 1...40, using: &random))
    let lane = Lane(node: node, key: key)
    let time = max(lanes[lane] ?? now, max(now, notBefore ?? now) + delay)
    lanes[lane] = time
    return time
  }

  private mutating func schedule(_ node: Int, _ delivery: Delivery, at time: Instant) {
    queue.push((node, delivery), at: time)
  }
}
