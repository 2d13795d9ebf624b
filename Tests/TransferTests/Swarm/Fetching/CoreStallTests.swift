import Metainfo
import Testing

@testable import Transfer

@Suite("Peers that do not deliver")
struct CoreStallTests {
  /// The requests that stand, by peer.
  private func outstanding(_ core: CoreHarness, _ peer: Int) -> Int {
    core.core.peers[CoreHarness.key(peer)]?.supply.window.count ?? 0
  }

  @Test("W10 unchokes, then sends nothing: within 3 s another peer is asked, and a late block is welcome")
  func silent() {
    var limits = SwarmLimits()
    limits.maxWorkers = 1
    var core = CoreHarness(pieces: 1, blocks: 4, limits: limits)
    core.connectSeed(1)
    core.connectSeed(2)
    #expect(core.asked(of: 1).count == 4 && core.asked(of: 2).isEmpty)
    core.wait(1.9)
    #expect(core.asked(of: 2).isEmpty)
    core.wait(1)
    #expect(core.asked(of: 2).count == 4)
    #expect(!core.core.fetching.pool.isLeased(CoreHarness.key(1)) && core.isConnected(1))
    core.peer(1, sends: CoreHarness.raw(0, 3))
    #expect(core.said(to: 2) == [.cancel(CoreHarness.raw(0, 3))])
    #expect(core.core.wastedBytes == 0)
  }

  @Test("W10 one that has delivered before and stalls keeps its worker for 20 s")
  func stalls() {
    var limits = SwarmLimits()
    limits.maxWorkers = 1
    var core = CoreHarness(pieces: 1, blocks: 4, limits: limits)
    core.connectSeed(1)
    core.connectSeed(2)
    core.peer(1, sends: CoreHarness.raw(0))
    core.wait(9)
    #expect(core.asked(of: 2).isEmpty)
    core.wait(12)
    #expect(core.asked(of: 2).count == 3)
  }

  @Test("W10 forty peers that unchoke and never answer: the good one, named last, is asked within 6 s")
  func silentCrowd() {
    var core = CoreHarness(pieces: 64, blocks: 4)
    for peer in 1...41 { core.connectSeed(peer) }
    _ = core.takeActions()
    core.core.isObserved = true
    core.wait(6)
    #expect(!core.asked(of: 41).isEmpty)
    let released = core.core.takeObservations().filter {
      if case .released(_, .neverDelivered) = $0 { true } else { false }
    }
    #expect(released.count >= 26, "all but those that nobody waits behind")
    // Once it delivers, it keeps its worker, and those that never did are not tried before it.
    core.peer(41, sends: CoreHarness.raw(core.core.fetching.pool.claims(of: CoreHarness.key(41))[0].value))
    core.wait(10)
    #expect(core.core.fetching.pool.isLeased(CoreHarness.key(41)))
  }

  @Test("What the limit allows and nobody can be asked for is there for others")
  func nothingToAskFor() {
    var sharing = SessionLimits()
    sharing.download = 1 << 20
    var core = CoreHarness(pieces: 1, blocks: 16, sharing: sharing)
    core.connectSeed(1)
    let asked = core.asked(of: 1)
    #expect(asked.count == 16)
    core.wait(2)
    // After each of these it looks for a further block in vain.
    for block in asked.dropLast() { core.peer(1, sends: block) }
    let other = TorrentKey(slot: 7, generation: 1)
    var left = 0
    while core.governor.download.take(16_384, for: CoreHarness.key(9), of: other, at: core.now) { left += 1 }
    #expect(left >= 16, "a quarter of a second's worth")
  }

  @Test("Refused requests don't count against the download limit, and the worker keeps going")
  func refusedAndLimited() {
    var sharing = SessionLimits()
    sharing.download = 65_536
    var core = CoreHarness(pieces: 8, blocks: 4, sharing: sharing)
    core.connectSeed(1)
    var taken = 0
    for round in 0..<40 {
      core.wait(0.25)
      for block in core.asked(of: 1) {
        // Every other round it refuses all; what it then sends fills the limit.
        if round % 2 == 0 {
          core.peer(1, says: .reject(block))
        } else {
          taken += 16_384
          core.peer(1, sends: block)
        }
      }
      core.checks.forEach { core.check($0) }
    }
    #expect(taken >= 400_000, "\(taken) bytes in 10 s")
  }

  @Test("W10 the only peer, silent for a while, is asked again after its rest and has time to answer")
  func silentForAWhile() {
    var core = CoreHarness(pieces: 1, blocks: 40)
    core.connectSeed(1)
    core.peer(1, sends: CoreHarness.raw(0))
    _ = core.takeActions()
    core.wait(22)
    #expect(core.core.peers[CoreHarness.key(1)]?.supply.isSnubbed == true)
    core.wait(30)
    #expect(core.core.peers[CoreHarness.key(1)]?.supply.isSnubbed == false)
    #expect(core.core.fetching.pool.isLeased(CoreHarness.key(1)))
    core.wait(15)
    #expect(core.core.fetching.pool.isLeased(CoreHarness.key(1)), "its twenty seconds begin anew")
    // What is older than a minute is taken for lost and asked for again.
    core.wait(60)
    #expect(!core.asked(of: 1).isEmpty)
  }

  @Test("W10 rejects every request: after sixteen it rests, and is not asked in a busy loop")
  func rejects() {
    var core = CoreHarness(pieces: 1, blocks: 8)
    core.connectSeed(1)
    var asked = 0
    for _ in 0..<1_200 {
      core.wait(0.05)
      for block in core.asked(of: 1) {
        asked += 1
        core.peer(1, says: .reject(block))
      }
    }
    #expect(asked >= 16, "it gets a second chance")
    #expect(asked <= 3 * (SwarmCore.rejectionsAllowed + 8), "\(asked) requests in a minute")
  }

  @Test("W10 what one peer rejects another is asked for")
  func rejectedElsewhere() {
    var limits = SwarmLimits()
    limits.maxWorkers = 1
    var core = CoreHarness(pieces: 1, blocks: 2, limits: limits)
    core.connectSeed(1)
    core.connectSeed(2)
    for _ in 0..<10 { core.asked(of: 1).forEach { core.peer(1, says: .reject($0)) } }
    #expect(Set(core.asked(of: 2)) == [CoreHarness.raw(0, 0), CoreHarness.raw(0, 1)])
  }

  @Test("W10 never unchokes: it has no worker, and others are not held up")
  func neverUnchokes() {
    var limits = SwarmLimits()
    limits.maxWorkers = 1
    var core = CoreHarness(pieces: 1, limits: limits)
    core.connect(1)
    core.peer(1, says: .haveAll)
    core.connectSeed(2)
    #expect(core.asked(of: 1).isEmpty && core.asked(of: 2).count == 1)
  }

  @Test("Rejects of what was never asked for, choke or unchoke twice, change nothing")
  func nonsense() {
    var core = CoreHarness(pieces: 2, blocks: 2)
    core.connectSeed(1)
    core.connect(2)
    core.peer(2, says: .haveAll, .choke, .choke)
    let before = core.inputState
    core.peer(2, says: .reject(CoreHarness.raw(0)), .reject(RawBlock(piece: 0, offset: 5, length: 7)))
    core.peer(1, says: .unchoke, .reject(RawBlock(piece: 1, offset: 0, length: 1)))
    #expect(core.inputState == before)
  }

  @Test("A worker that gets nothing more from its peer is free for another at once")
  func idleWorker() {
    var limits = SwarmLimits()
    limits.maxWorkers = 1
    var core = CoreHarness(pieces: 2, limits: limits)
    core.connect(1)
    core.peer(1, says: .have(0), .unchoke)
    core.connect(2)
    core.peer(2, says: .have(1), .unchoke)
    #expect(core.asked(of: 1) == [CoreHarness.raw(0)])
    core.peer(1, sends: CoreHarness.raw(0))
    #expect(core.asked(of: 2) == [CoreHarness.raw(1)])
  }

  @Test("The slowest worker moves to a peer that was never tried, then stays while nobody is clearly faster")
  func rotation() {
    var limits = SwarmLimits()
    limits.maxWorkers = 2
    var core = CoreHarness(pieces: 400, blocks: 4, limits: limits)
    // Blocks per second: two slow peers come first.
    let rates = [1: 1, 2: 2, 3: 20, 4: 20, 5: 20]
    for peer in 1...5 { core.connectSeed(peer) }
    var credit: [Int: Double] = [:]
    var queued: [Int: [RawBlock]] = [:]
    var leases: [Set<UInt32>] = []
    for _ in 0..<90 {
      for _ in 0..<4 {
        core.wait(0.25)
        for peer in 1...5 {
          queued[peer, default: []] += core.asked(of: peer)
          credit[peer] = min(credit[peer, default: 0] + Double(rates[peer]!) / 4, 5)
          while credit[peer]! >= 1, !queued[peer]!.isEmpty {
            core.peer(peer, sends: queued[peer]!.removeFirst())
            credit[peer]! -= 1
          }
        }
        core.checks.forEach { core.check($0) }
        _ = core.takeActions().map { action in
          if case .send(let key, .request(let block)) = action { queued[Int(key.slot)]!.append(block) }
        }
      }
      leases.append(Set(core.core.fetching.pool.workers.map(\.peer.slot)))
    }
    #expect(leases[5] == [1, 2])
    let changes = zip(leases, leases.dropFirst()).count { $0 != $1 }
    #expect(changes >= 2 && changes <= 5, "\(leases)")
    #expect(leases.suffix(30).allSatisfy { !$0.contains(1) && !$0.contains(2) }, "\(leases.suffix(30))")
  }
}
