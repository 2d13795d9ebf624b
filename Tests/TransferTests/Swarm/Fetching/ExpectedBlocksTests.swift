import Metainfo
import Testing

@testable import Transfer

/// Which blocks a peer may send: what was asked of it, is not there yet, and is of use from it.
@Suite struct ExpectedBlocksTests {
  /// Peer 2 was asked for both blocks of the only piece, stalled, and has lost its worker to peer 1.
  private func stalled() -> CoreHarness {
    var core = CoreHarness(pieces: 1, blocks: 2)
    core.connectSeed(2)
    #expect(core.asked(of: 2).count == 2)
    core.wait(21)
    core.connectSeed(1)
    #expect(core.asked(of: 1).count == 2)
    return core
  }

  private func expects(_ core: CoreHarness, _ number: Int, from peer: Int) -> Bool {
    core.core.expects(CoreHarness.raw(0, number), from: CoreHarness.key(peer)) != nil
  }

  @Test("A block that was asked for may come late, also when another peer is asked by now")
  func late() {
    let core = stalled()
    for peer in [1, 2] { for number in [0, 1] { #expect(expects(core, number, from: peer)) } }
  }

  @Test("A block that nobody asked this peer for is not expected of it")
  func neverAsked() {
    var core = stalled()
    core.connect(3)
    core.peer(3, says: .haveAll)
    #expect(!expects(core, 0, from: 3))
    core.peer(3, sends: CoreHarness.raw(0, 0))
    #expect(core.core.wastedBytes == CoreHarness.blockLength)
  }

  @Test("A block that is there is not expected again, though it was asked for")
  func received() {
    var core = stalled()
    core.peer(1, sends: CoreHarness.raw(0, 0))
    #expect(!expects(core, 0, from: 2))
    #expect(expects(core, 1, from: 2))
  }

  @Test("Nothing is expected of a piece that is being checked")
  func checking() {
    var core = stalled()
    core.peer(1, sends: CoreHarness.raw(0, 0))
    core.peer(1, sends: CoreHarness.raw(0, 1))
    #expect(core.checks == [0])
    for number in [0, 1] { #expect(!expects(core, number, from: 2)) }
  }

  /// The piece has come wrong from peers 1 and 3, and is fetched anew from 3 alone.
  private func onParole() -> CoreHarness {
    var core = stalled()
    core.peer(1, sends: CoreHarness.raw(0, 0))
    core.peer(1, says: .choke)
    core.connectSeed(3)
    core.peer(3, sends: CoreHarness.raw(0, 1))
    _ = core.takeActions()
    core.check(0, isGood: false, fingerprints: [1, 2])
    #expect(core.asked(of: 3).count == 2)
    #expect(core.core.fetching.active.first?.isOnParole == true)
    return core
  }

  @Test("A piece on parole is taken from the one peer that has it, and from nobody who was asked before")
  func parole() {
    let core = onParole()
    #expect(core.core.peers[CoreHarness.key(2)]?.supply.window.contains(CoreHarness.block(0, 0)) == true)
    for number in [0, 1] {
      #expect(!expects(core, number, from: 2))
      #expect(expects(core, number, from: 3))
    }
  }

  @Test("A piece on parole is not passed on half done: what there is of it goes with its peer")
  func halfDone() {
    var core = onParole()
    core.peer(3, sends: CoreHarness.raw(0, 0))
    _ = core.takeActions()
    core.peer(3, says: .choke)
    #expect(
      core.takeActions().contains {
        if case .discard(CoreHarness.block(0).piece) = $0 { true } else { false }
      })
    #expect(core.core.fetching.orphans.isEmpty)
  }

  @Test("A block that comes late lifts the snub")
  func snub() {
    var core = stalled()
    #expect(core.core.peers[CoreHarness.key(2)]?.supply.isSnubbed == true)
    core.peer(2, sends: CoreHarness.raw(0, 0))
    #expect(core.core.peers[CoreHarness.key(2)]?.supply.isSnubbed == false)
  }
}
