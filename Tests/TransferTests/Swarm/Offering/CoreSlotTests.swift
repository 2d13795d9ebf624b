import Metainfo
import Testing

@testable import Transfer

@Suite("A slot belongs to a peer that uses it")
struct CoreSlotTests {
  private func isUnchoked(_ core: CoreHarness, _ peer: Int) -> Bool {
    core.core.peers[CoreHarness.key(peer)]?.demand.isChoked == false
  }

  private func seeding(quiet: ClosedRange<Int>, slots: Int = 8) -> CoreHarness {
    var sharing = SessionLimits()
    sharing.uploadSlots = slots
    sharing.maxPeers = 1_000
    var core = CoreHarness(pieces: 2, blocks: 64, have: [0, 1], sharing: sharing)
    for peer in quiet {
      core.connect(peer)
      core.peer(peer, says: .interested)
    }
    return core
  }

  /// Lets a peer take what it asked for, a block a tenth of a second.
  private func serve(_ core: inout CoreHarness, _ peer: Int, blocks: Int) -> Int {
    var sent = 0
    for number in 0..<blocks {
      core.peer(peer, says: .request(CoreHarness.raw(0, number % 64)))
      for block in core.uploads(to: peer) {
        core.handle(.uploaded(CoreHarness.key(peer), block))
        sent += 1
      }
      core.wait(0.1)
    }
    return sent
  }

  @Test("Interested peers that ask for nothing keep no newcomer waiting", arguments: [70, 200])
  func quiet(count: Int) {
    var core = seeding(quiet: 1...count)
    core.wait(5)
    #expect((1...count).count { isUnchoked(core, $0) } == 8)
    core.connect(999)
    core.peer(999, says: .interested)
    #expect(isUnchoked(core, 999))
    // Who uses its slot keeps it, however many wait.
    #expect(serve(&core, 999, blocks: 600) == 600)
    #expect(isUnchoked(core, 999))
  }

  @Test("N09: peers that ask and do not read lose their slots to those who do")
  func stuckReaders() {
    var core = seeding(quiet: 1...20)
    for peer in 1...20 { core.peer(peer, says: .request(CoreHarness.raw(0, peer))) }
    core.wait(1)
    core.connect(999)
    core.peer(999, says: .interested)
    core.wait(2)
    #expect(isUnchoked(core, 999))
    #expect(serve(&core, 999, blocks: 300) == 300)
  }

  @Test("A slot that is not used goes from one that waits to the next, and everyone has a turn")
  func turns() {
    var core = seeding(quiet: 1...12, slots: 2)
    var had: Set<Int> = []
    for _ in 0..<400 {
      core.wait(0.1)
      for peer in 1...12 where isUnchoked(core, peer) { had.insert(peer) }
    }
    #expect(had == Set(1...12))
  }

  @Test("Whom the upload limit holds back is no idler, and keeps its slot")
  func heldBack() {
    var core = seeding(quiet: 1...2, slots: 2)
    core.governor.upload.limit = 4_096
    for peer in 1...2 {
      for number in 0..<4 { core.peer(peer, says: .request(CoreHarness.raw(0, number))) }
    }
    core.connect(3)
    core.peer(3, says: .interested)
    // A block for each of them every eight seconds; the next choice among all is after ten.
    for _ in 0..<90 {
      core.wait(0.1)
      for peer in 1...2 {
        for block in core.uploads(to: peer) { core.handle(.uploaded(CoreHarness.key(peer), block)) }
      }
      #expect(isUnchoked(core, 1) && isUnchoked(core, 2) && !isUnchoked(core, 3))
    }
  }

  @Test("Who gets a slot, and who loses one, is observed with the reason; unless nobody listens")
  func observed() {
    func decisions(listening: Bool) -> [Observation] {
      var core = seeding(quiet: 1...2, slots: 2)
      core.core.isObserved = listening
      core.wait(1)
      core.connect(3)
      core.peer(3, says: .interested)
      core.peer(3, says: .notInterested)
      return core.core.takeObservations()
    }
    #expect(decisions(listening: false) == [])
    let (idler, other, newcomer) = (CoreHarness.key(1), CoreHarness.key(2), CoreHarness.key(3))
    let observed = decisions(listening: true)
    #expect(
      observed.prefix(3) == [
        .choked(idler, .unused), .unchoked(newcomer, .unusedByAnother), .choked(newcomer, .notInterested),
      ], "\(observed)")
    #expect(observed.dropFirst(3) == [.unchoked(idler, .free)], "\(other) has its slot still: \(observed)")
  }

  @Test("In a round the fastest are ranked, and one place goes round")
  func observedRound() {
    var core = seeding(quiet: 1...6, slots: 3)
    core.core.isObserved = true
    for round in 0..<200 {
      for peer in 1...2 where isUnchoked(core, peer) {
        core.peer(peer, says: .request(CoreHarness.raw(0, round % 64)))
        for block in core.uploads(to: peer) { core.handle(.uploaded(CoreHarness.key(peer), block)) }
      }
      core.wait(0.1)
    }
    let observed = core.core.takeObservations()
    #expect(
      observed.contains { if case .unchoked(_, .optimistic) = $0 { true } else { false } }, "\(observed)")
    #expect(observed.contains { if case .choked(_, .outranked) = $0 { true } else { false } }, "\(observed)")
  }

  @Test("Slots in use are not taken by whoever comes")
  func inUse() {
    var core = seeding(quiet: 1...2, slots: 2)
    for _ in 0..<20 {
      for peer in 1...2 {
        core.peer(peer, says: .request(CoreHarness.raw(0)))
        for block in core.uploads(to: peer) { core.handle(.uploaded(CoreHarness.key(peer), block)) }
      }
      core.wait(0.2)
    }
    core.connect(3)
    core.peer(3, says: .interested)
    #expect(!isUnchoked(core, 3) && isUnchoked(core, 1) && isUnchoked(core, 2))
  }
}

@Suite("Seats turn over")
struct CoreSeatTests {
  private func full(_ sitters: Int, maxPeers: Int, have: [Int]) -> CoreHarness {
    var sharing = SessionLimits()
    sharing.maxPeers = maxPeers
    var core = CoreHarness(pieces: 2, blocks: 4, have: have, sharing: sharing)
    for peer in 1...sitters { core.connect(peer) }
    return core
  }

  @Test(
    "At a seeder full of peers that want nothing a newcomer gets in, and stays once it has taken something")
  func seeder() {
    var core = full(80, maxPeers: 80, have: [0, 1])
    core.wait(2)
    core.connect(100)
    #expect(core.isConnected(100))
    core.peer(100, says: .interested, .request(CoreHarness.raw(0)))
    for block in core.uploads(to: 100) { core.handle(.uploaded(CoreHarness.key(100), block)) }
    for wave in 0..<20 {
      core.wait(1.5)
      for peer in 0..<80 { core.connect(200 + wave * 80 + peer) }
      #expect(core.core.peers.count <= 80)
    }
    #expect(core.isConnected(100))
  }

  @Test("A downloader full of such peers still dials, and reaches its seed")
  func downloader() {
    var core = full(80, maxPeers: 80, have: [])
    let seed = CoreHarness.endpoint(300)
    core.handle(.learned([seed], .tracker))
    #expect(core.dialed == [seed])
    core.connect(300, isOutgoing: true)
    #expect(core.isConnected(300))
    core.peer(300, says: .haveAll, .unchoke)
    #expect(!core.asked(of: 300).isEmpty)
  }

  @Test("Who gives or takes is not sent away for a newcomer")
  func useful() {
    var core = full(2, maxPeers: 2, have: [0, 1])
    for peer in 1...2 {
      core.peer(peer, says: .interested, .request(CoreHarness.raw(0)))
      for block in core.uploads(to: peer) { core.handle(.uploaded(CoreHarness.key(peer), block)) }
    }
    core.wait(5)
    core.connect(3)
    #expect(core.farewell(to: 3) == .full)
    #expect(core.isConnected(1) && core.isConnected(2))
  }
}
