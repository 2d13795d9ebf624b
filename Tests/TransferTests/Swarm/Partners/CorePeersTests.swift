import Metainfo
import Testing

@testable import Transfer

@Suite("Peers come and go")
struct CorePeersTests {
  private func endpoints(_ peers: ClosedRange<Int>) -> [Endpoint] { peers.map(CoreHarness.endpoint) }

  @Test("Learned addresses are dialed, sixteen at once, the next when one fails or joins")
  func dialing() {
    var core = CoreHarness(pieces: 1)
    core.governor.dials.capacity = 16
    core.handle(.learned(endpoints(1...20), .tracker))
    #expect(core.dialed == endpoints(1...16))
    _ = core.takeActions()
    core.handle(.dialFailed(CoreHarness.endpoint(3)))
    core.handle(.timePassed)
    #expect(core.dialed == [CoreHarness.endpoint(17)])
    _ = core.takeActions()
    core.connect(1, isOutgoing: true)
    core.handle(.timePassed)
    #expect(core.dialed == [CoreHarness.endpoint(18)])
    #expect(core.core.book.dialingCount == 16)
  }

  @Test("Learning the same addresses again dials nobody twice")
  func learnedTwice() {
    var core = CoreHarness(pieces: 1)
    for _ in 0..<3 { core.handle(.learned(endpoints(1...4) + endpoints(1...4), .tracker)) }
    #expect(core.dialed == endpoints(1...4))
  }

  @Test("No more peers than maxPeers: neither dialed nor let in")
  func maxPeers() {
    var sharing = SessionLimits()
    sharing.maxPeers = 3
    var core = CoreHarness(pieces: 1, sharing: sharing)
    core.handle(.learned(endpoints(1...9), .tracker))
    #expect(core.dialed.count == 3)
    for peer in 1...3 { core.connect(peer, isOutgoing: true) }
    core.connect(10)
    #expect(core.farewell(to: 10) == .full)
    #expect(!core.isConnected(10) && core.core.peers.count == 3)
    core.handle(.left(CoreHarness.key(2)))
    core.connect(11)
    #expect(core.isConnected(11))
  }

  @Test("A connection to oneself ends, and that address is never dialed again")
  func oneself() {
    var core = CoreHarness(pieces: 1)
    core.handle(.learned([CoreHarness.endpoint(1)], .tracker))
    core.connect(1, isOutgoing: true, id: CoreHarness.ownID)
    core.connect(2, id: CoreHarness.ownID)
    #expect(core.farewell(to: 1) == .oneself && core.farewell(to: 2) == .oneself)
    #expect(core.core.book.dialingCount == 0)
    _ = core.takeActions()
    core.handle(.learned([CoreHarness.endpoint(1)], .tracker))
    core.wait(600)
    #expect(core.dialed == [])
  }

  @Test(
    "Both sides dial each other: each keeps the connection of the side with the larger id, so one survives",
    arguments: [false, true], [false, true])
  func crossing(isBelowOwn: Bool, outgoingFirst: Bool) {
    var core = CoreHarness(pieces: 1)
    let id = CoreHarness.id(1, isBelowOwn: isBelowOwn)
    let outgoing = outgoingFirst ? 1 : 2
    core.connect(1, isOutgoing: outgoing == 1, id: id)
    core.wait(0.5)
    core.connect(2, isOutgoing: outgoing == 2, id: id)
    let kept = isBelowOwn ? outgoing : 3 - outgoing
    #expect(core.isConnected(kept))
    #expect(!core.isConnected(3 - kept))
    #expect(core.farewell(to: 3 - kept) == .duplicate)
    #expect(core.core.peers.count == 1)
  }

  @Test("A second connection in the same direction, or to a long-standing peer, is the one to go")
  func duplicate() {
    var core = CoreHarness(pieces: 1)
    core.connect(1)
    core.connect(2, id: CoreHarness.id(1))
    #expect(core.isConnected(1) && core.farewell(to: 2) == .duplicate)
    core.wait(10)
    core.connect(3, isOutgoing: true, id: CoreHarness.id(1))
    #expect(core.isConnected(1) && core.farewell(to: 3) == .duplicate)
    let below = CoreHarness.id(4, isBelowOwn: true)
    core.connect(4, id: below)
    core.wait(10)
    core.connect(5, isOutgoing: true, id: below)
    #expect(core.isConnected(4) && core.farewell(to: 5) == .duplicate)
  }

  @Test("Two complete peers part, whoever completes last, and do not seek each other soon")
  func bothSeeds() {
    var core = CoreHarness(pieces: 2, have: [0, 1])
    core.handle(.learned([CoreHarness.endpoint(1)], .tracker))
    core.connect(1, isOutgoing: true)
    core.peer(1, says: .bitfield([0x80]))
    #expect(core.isConnected(1))
    core.peer(1, says: .have(1))
    #expect(core.farewell(to: 1) == .bothDone)
    core.connect(2)
    core.peer(2, says: .haveAll)
    #expect(core.farewell(to: 2) == .bothDone)
    _ = core.takeActions()
    core.wait(250)
    #expect(core.dialed == [])
    core.wait(60)
    #expect(core.dialed == [CoreHarness.endpoint(1)])
  }

  @Test("A banned peer is cut off, not let in again, not dialed, and its blocks are fetched from others")
  func ban() {
    var core = CoreHarness(pieces: 2, blocks: 2)
    core.handle(.learned([CoreHarness.endpoint(1)], .tracker))
    core.connect(1, isOutgoing: true)
    core.peer(1, says: .haveAll, .unchoke)
    let first = core.asked(of: 1).prefix(2)
    first.forEach { core.peer(1, sends: $0) }
    let bad = Int(first[0].piece)
    core.peer(1, sends: CoreHarness.raw(1 - bad))
    _ = core.takeActions()
    core.check(bad, isGood: false, fingerprints: [1, 2])
    #expect(core.banned == [CoreHarness.endpoint(1)])
    #expect(core.farewell(to: 1) == .banned)
    #expect(core.core.wastedBytes == 3 * 16_384)
    core.connect(1, id: CoreHarness.id(9))
    #expect(!core.isConnected(1))
    _ = core.takeActions()
    core.handle(.learned([CoreHarness.endpoint(1)], .tracker))
    core.wait(400)
    #expect(core.dialed == [])
    core.connectSeed(2)
    #expect(core.asked(of: 2).count == 4, "what the banned peer sent for the other piece is fetched again")
  }

  @Test("On this machine a ban is for one port, elsewhere for the address")
  func banScope() {
    for (address, isShared) in [([127, 0, 0, 1], true), ([10, 1, 1, 1], false)] as [([UInt8], Bool)] {
      var core = CoreHarness(pieces: 1)
      let liar = Endpoint(IPAddress(address)!, port: 1000)
      core.connect(1, endpoint: liar)
      core.peer(1, says: .haveAll, .unchoke)
      core.peer(1, sends: CoreHarness.raw(0))
      core.check(0, isGood: false, fingerprints: [1])
      core.connect(2, endpoint: Endpoint(liar.address, port: 1001))
      #expect(core.isConnected(2) == isShared)
    }
  }

  @Test("A silent peer is let go after 150 s; a silent core sends keep-alives")
  func silence() {
    var core = CoreHarness(pieces: 1)
    core.connect(1)
    core.connect(2)
    _ = core.takeActions()
    core.wait(101)
    #expect(core.said(to: 1) == [.keepAlive])
    core.peer(2, says: .keepAlive)
    core.wait(50)
    #expect(core.farewell(to: 1) == .silent)
    #expect(core.isConnected(2))
  }

  @Test("Words from a peer that has gone mean nothing")
  func gone() {
    var core = CoreHarness(pieces: 1)
    core.connectSeed(1)
    core.handle(.left(CoreHarness.key(1)))
    _ = core.takeActions()
    core.peer(1, says: .haveAll, .unchoke, .interested, .request(CoreHarness.raw(0)), .have(7))
    core.peer(1, sends: CoreHarness.raw(0))
    core.handle(.left(CoreHarness.key(1)))
    core.handle(.uploaded(CoreHarness.key(1), CoreHarness.block(0)))
    #expect(core.takeActions().isEmpty)
    #expect(core.core.peers.count == 0)
  }
}
