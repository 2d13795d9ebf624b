import Metainfo
import Testing

@testable import Transfer

@Suite("A core that wants some of the pieces")
struct CoreSelectionTests {
  /// Of six pieces two are wanted, and one that is not is there already.
  private func partial() -> CoreHarness { CoreHarness(pieces: 6, have: [0], wanted: [1, 4]) }

  @Test("Only wanted pieces are asked for, and when they are there a seed is let go")
  func fetchesWhatIsWanted() {
    var core = partial()
    core.connectSeed(1)
    let asked = core.asked(of: 1)
    #expect(Set(asked.map(\.piece)) == [1, 4] && asked.count == 2)
    for block in asked { core.peer(1, sends: block) }
    core.check(1)
    #expect(!core.isCompleted && !core.core.isComplete)
    #expect(core.farewell(to: 1) == nil)
    core.check(4)
    #expect(core.isCompleted && core.core.isComplete)
    #expect(core.core.have.count == 3)
    #expect(core.farewell(to: 1) == .bothDone)
    core.connect(2)
    core.peer(2, says: .haveAll)
    #expect(core.farewell(to: 2) == .bothDone)
  }

  @Test("A peer without a wanted piece is of no interest until it has one")
  func interest() {
    var core = partial()
    core.connect(1)
    core.peer(1, says: .bitfield(CoreHarness.set([0, 2, 3], of: 6).packed), .unchoke)
    #expect(!core.said(to: 1).contains(.interested))
    core.peer(1, says: .have(5))
    #expect(core.said(to: 1) == [])
    core.peer(1, says: .have(4))
    #expect(core.said(to: 1) == [.interested, .request(CoreHarness.raw(4))])
  }

  @Test("What is here is told and given away, wanted or not, also to a peer that comes when all is done")
  func givesWhatItHas() {
    var core = CoreHarness(pieces: 6, have: [0, 1, 4], wanted: [1, 4])
    #expect(core.core.isComplete)
    core.connect(1)
    #expect(core.said(to: 1) == [.bitfield(CoreHarness.set([0, 1, 4], of: 6).packed)])
    core.peer(1, says: .haveNone, .interested)
    #expect(core.said(to: 1) == [.unchoke])
    core.peer(
      1, says: .request(CoreHarness.raw(0)), .request(CoreHarness.raw(4)), .request(CoreHarness.raw(2)))
    #expect(core.uploads(to: 1) == [CoreHarness.block(0), CoreHarness.block(4)])
    #expect(core.said(to: 1) == [.reject(CoreHarness.raw(2))])
    core.wait(1)
    #expect(core.isConnected(1))
  }

  @Test("With nothing to want it is complete from the start")
  func nothingWanted() {
    var core = CoreHarness(pieces: 3, wanted: [])
    #expect(core.core.isComplete)
    core.connectSeed(1)
    #expect(core.asked(of: 1) == [])
    #expect(core.farewell(to: 1) == .bothDone)
  }
}
