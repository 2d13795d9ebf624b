import Metainfo
import Testing

@testable import Transfer

/// A core among peers that say whatever comes to mind, true and false, in any order; its invariants are checked
/// after every step.
@Suite("A core among random peers")
struct CoreRandomWalkTests {
  /// The walk: what a peer may say or do, drawn by chance.
  struct Walk {
    var harness: CoreHarness
    var random: SplitMix64
    private let pieces = 12
    private let blocks = 3
    private var nextSlot = 1
    private var connected: [Int] = []
    private var asked: [(peer: Int, block: RawBlock)] = []
    fileprivate private(set) var checks: [Int] = []
    private var uploads: [(peer: Int, block: BlockSpan)] = []

    init(seed: UInt64) {
      random = SplitMix64(seed: seed)
      var limits = SwarmLimits()
      limits.maxWorkers = Int.random(in: 1...5, using: &random)
      var sharing = SessionLimits()
      sharing.uploadSlots = Int.random(in: 1...3, using: &random)
      sharing.maxPeers = 8
      limits.isSequential = Int.random(in: 0..<4, using: &random) == 0
      let memory = Bool.random(using: &random) ? 0 : 24 << 20
      if Int.random(in: 0..<5, using: &random) == 0 { sharing.download = 500_000 }
      if Int.random(in: 0..<5, using: &random) == 0 { sharing.upload = 500_000 }
      var wanted: [Int]?
      if Int.random(in: 0..<3, using: &random) == 0 {
        var chosen: [Int] = []
        for piece in 0..<pieces where Int.random(in: 0..<3, using: &random) > 0 { chosen.append(piece) }
        wanted = chosen
      }
      harness = CoreHarness(
        pieces: pieces, blocks: blocks, short: 9_000, wanted: wanted, limits: limits, sharing: sharing,
        seed: seed)
      harness.governor.memory.capacity = memory
    }

    mutating func step() {
      harness.now = harness.now + .milliseconds(Int.random(in: 0...80, using: &random))
      switch Int.random(in: 0..<100, using: &random) {
      case 0..<4: connect()
      case 4..<5: leave()
      case 5..<35: answer()
      case 35..<40: reject()
      case 40..<52: check()
      case 52..<58: upload()
      case 58..<78:
        if let peer = connected.randomElement(using: &random) { harness.peer(peer, says: message()) }
      case 78..<84:
        if let peer = connected.randomElement(using: &random) { harness.peer(peer, sends: block()) }
      case 84..<86:
        harness.handle(
          .learned(
            (1...3).map { _ in CoreHarness.endpoint(Int.random(in: 1...40, using: &random)) }, .tracker))
      case 86..<88: harness.handle(.dialFailed(CoreHarness.endpoint(Int.random(in: 1...40, using: &random))))
      case 88: harness.wait(Double(Int.random(in: 1...25, using: &random)))
      default: harness.handle(.timePassed)
      }
      listen()
    }

    /// Takes note of what the core wants.
    private mutating func listen() {
      for action in harness.takeActions() {
        switch action {
        case .send(let key, .request(let block)): asked.append((Int(key.slot), block))
        case .send(let key, .cancel(let block)):
          // Half of the peers heed a cancel.
          if key.slot % 2 == 0 { asked.removeAll { $0.peer == Int(key.slot) && $0.block == block } }
        case .check(let piece, _): checks.append(piece.value)
        case .upload(let key, let block): uploads.append((Int(key.slot), block))
        case .disconnect(let key, _):
          connected.removeAll { $0 == Int(key.slot) }
          harness.handle(.left(key))
        default: break
        }
      }
    }

    private mutating func connect() {
      let peer = nextSlot
      nextSlot += 1
      connected.append(peer)
      harness.connect(
        peer, isOutgoing: Bool.random(using: &random), fast: Bool.random(using: &random),
        id: CoreHarness.id(Int.random(in: 1...60, using: &random), isBelowOwn: Bool.random(using: &random)),
        endpoint: CoreHarness.endpoint(Int.random(in: 1...40, using: &random)))
      harness.peer(peer, says: .bitfield(bits()))
      if Int.random(in: 0..<4, using: &random) != 0 { harness.peer(peer, says: .unchoke, .interested) }
    }

    private mutating func leave() {
      guard let peer = connected.randomElement(using: &random) else { return }
      connected.removeAll { $0 == peer }
      harness.handle(.left(CoreHarness.key(peer)))
    }

    private mutating func answer() {
      guard let index = asked.indices.randomElement(using: &random) else { return }
      let (peer, block) = asked.remove(at: index)
      harness.peer(peer, sends: block)
    }

    private mutating func reject() {
      guard let index = asked.indices.randomElement(using: &random) else { return }
      let (peer, block) = asked.remove(at: index)
      harness.peer(peer, says: .reject(block))
    }

    private mutating func check() {
      guard let index = checks.indices.randomElement(using: &random) else { return }
      let isGood = Int.random(in: 0..<3, using: &random) != 0
      let fingerprints = (0..<blocks).map { _ in UInt64.random(in: 0...(isGood ? 0 : 1), using: &random) }
      harness.check(checks.remove(at: index), isGood: isGood, fingerprints: fingerprints)
    }

    private mutating func upload() {
      guard let index = uploads.indices.randomElement(using: &random) else { return }
      let (peer, block) = uploads.remove(at: index)
      harness.handle(.uploaded(CoreHarness.key(peer), block))
    }

    private mutating func bits() -> [UInt8] {
      var set = Bitfield(pieceCount: pieces)
      for piece in 0..<pieces where Bool.random(using: &random) { set.insert(PieceIndex(unchecked: piece)) }
      return Int.random(in: 0..<5, using: &random) == 0 ? Bitfield(allOf: pieces).packed : set.packed
    }

    private mutating func number() -> UInt32 {
      Int.random(in: 0..<40, using: &random) == 0
        ? .random(in: 0 ... .max, using: &random)
        : .random(in: 0..<UInt32(pieces), using: &random)
    }

    private mutating func block() -> RawBlock {
      guard Int.random(in: 0..<30, using: &random) != 0 else {
        return RawBlock(piece: number(), offset: number(), length: number())
      }
      return CoreHarness.raw(
        Int.random(in: 0..<pieces - 1, using: &random), Int.random(in: 0..<blocks, using: &random))
    }

    private mutating func message() -> Message {
      switch Int.random(in: 0..<16, using: &random) {
      case 0: .keepAlive
      case 1: .choke
      case 2, 3, 4: .unchoke
      case 5: .interested
      case 6: .notInterested
      case 7, 8: .have(number())
      case 9: .bitfield(bits())
      case 10, 11: .request(block())
      case 12: .cancel(block())
      case 13: .haveAll
      case 14: .haveNone
      default:
        [.port(1), .suggest(number()), .allowedFast(number()), .reject(block())].randomElement(using: &random)
          ?? .keepAlive
      }
    }
  }

  @Test(
    "5,000 random steps keep every invariant, and then honest peers finish the download",
    arguments: 1...24 as ClosedRange<UInt64>)
  func walk(seed: UInt64) {
    var walk = Walk(seed: seed)
    for step in 0..<5_000 {
      walk.step()
      if let broken = walk.harness.core.brokenInvariantAnywhere() {
        Issue.record("seed \(seed), step \(step): \(broken)")
        return
      }
      if walk.harness.core.isComplete { break }
    }
    walk.finish()
    #expect(walk.harness.core.isComplete, "seed \(seed)")
  }
}

extension CoreRandomWalkTests.Walk {
  /// Everyone but one honest seed leaves; it must be enough, whatever state the others have left behind.
  fileprivate mutating func finish() {
    for key in harness.core.peers.keys { harness.handle(.left(key)) }
    for piece in checks { harness.check(piece, isGood: false) }
    _ = harness.takeActions()
    let seed = 1_000
    harness.connect(seed, id: CoreHarness.id(99), endpoint: CoreHarness.endpoint(1_000))
    harness.peer(seed, says: .haveAll, .unchoke)
    for _ in 0..<500 where !harness.core.isComplete {
      for block in harness.asked(of: seed) { harness.peer(seed, sends: block) }
      for piece in harness.checks { harness.check(piece, fingerprints: [0, 0, 0]) }
      harness.wait(0.25)
    }
  }
}
