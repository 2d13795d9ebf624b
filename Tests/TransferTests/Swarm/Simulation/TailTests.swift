import Metainfo
import Testing

@testable import Transfer

/// The end of a download, and clocks that jump.
@Suite struct TailTests {
  @Test(
    "N04 the last block lies with a peer of 1 KB/s: when a fast one joins, the download is over within 10 s",
    arguments: 1...8)
  func slowTail(seed: UInt64) {
    var swarm = SwarmSimulation(pieceCount: 4, pieceLength: 1 << 16, seed: seed)
    var slow = SwarmSimulation.Behaviour()
    slow.uploadRate = 1_000
    let first = swarm.add(isSeed: true, behaviour: slow)
    let leecher = swarm.add(isSeed: false)
    swarm.introduce([first], to: leecher)
    // A block takes 16 s from that peer: it has been asked for the rest, and one block or so has come.
    #expect(!swarm.run(for: .seconds(30)) { $0.isComplete() })
    let second = swarm.add(isSeed: true)
    swarm.introduce([second], to: leecher)
    #expect(swarm.run(for: .seconds(10)) { $0.isComplete() })
    #expect(swarm.broken == nil)
  }

  @Test("K09 an hour that nobody noticed: peers that have said something meanwhile stay, and are asked on")
  func hour() {
    var core = CoreHarness(pieces: 40, blocks: 4)
    for peer in 1...5 { core.connectSeed(peer) }
    core.wait(5)
    core.now = core.now + .seconds(3600)
    for peer in 1...5 { core.peer(peer, says: .keepAlive) }
    core.handle(.timePassed)
    #expect(core.disconnected.isEmpty)
    core.wait(30)
    #expect(core.disconnected.isEmpty)
  }

  @Test("K09 a clock that goes a day back, or on, breaks nothing", arguments: [-86_400, 86_400])
  func day(seconds: Int) {
    var core = CoreHarness(pieces: 8, blocks: 4)
    for peer in 1...3 { core.connectSeed(peer) }
    core.wait(3)
    core.now = core.now + .seconds(seconds)
    for peer in 1...3 { core.peer(peer, says: .choke, .unchoke, .interested) }
    core.handle(.timePassed)
    core.connectSeed(9)
    core.wait(60)
    _ = core.core.downloaded.rate(at: core.now)
    #expect(core.core.peers.count >= 1)
  }
}
