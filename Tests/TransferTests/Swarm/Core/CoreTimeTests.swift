import Testing

@testable import Transfer

@Suite("When a core wants to be woken")
struct CoreTimeTests {
  @Test("Nothing is due that has nothing to do: alone, complete or not", arguments: [[], [0, 1]] as [[Int]])
  func alone(have: [Int]) {
    var core = CoreHarness(pieces: 2, have: have)
    #expect(core.core.nextDue == nil)
    core.connect(1)
    #expect(core.core.nextDue != nil)
    core.handle(.left(CoreHarness.key(1)))
    core.wait(1)
    #expect(core.core.nextDue == nil, "the last peer has gone")
  }

  @Test("A seeder with a quiet peer is woken once in a keep-alive's time")
  func quietSeeder() {
    var core = CoreHarness(pieces: 2, have: [0, 1])
    core.connect(1)
    for _ in 0..<36 {
      core.wait(100)
      core.peer(1, says: .keepAlive)
    }
    #expect(core.said(to: 1).filter { $0 == .keepAlive }.count == 36)
    #expect(core.wakes <= 80, "\(core.wakes) times in an hour")
  }

  @Test("An address that is to be dialed again is what a lonely core waits for")
  func dialBackOff() {
    var core = CoreHarness(pieces: 2)
    core.handle(.learned([CoreHarness.endpoint(1)], .tracker))
    #expect(core.dialed.count == 1)
    core.handle(.dialFailed(CoreHarness.endpoint(1)))
    let due = core.core.nextDue
    #expect(due == core.now + .seconds(5))
    core.wait(4.9)
    #expect(core.dialed.count == 1)
    core.wait(0.2)
    #expect(core.dialed.count == 2 && core.wakes == 1)
  }

  @Test("A peer that falls silent is left after 150 s, one that speaks is kept")
  func silence() {
    var core = CoreHarness(pieces: 2, have: [0, 1])
    core.connect(1)
    core.connect(2)
    for _ in 0..<10 {
      core.wait(15.5)
      core.peer(2, says: .keepAlive)
    }
    #expect(core.farewell(to: 1) == .silent)
    #expect(core.farewell(to: 2) == nil && core.isConnected(2))
  }

  @Test("Blocks that wait for the upload limit go out when it opens, not at the next quarter of a second")
  func uploadLimit() {
    var sharing = SessionLimits()
    sharing.upload = 16_384
    var core = CoreHarness(pieces: 1, blocks: 8, have: [0], sharing: sharing)
    core.connect(1)
    core.peer(1, says: .interested)
    core.peer(1, requests: (0..<4).map { CoreHarness.raw(0, $0) })
    #expect(core.uploads(to: 1).count == 1)
    core.wait(0.7)
    #expect(core.uploads(to: 1).isEmpty)
    core.wait(0.1)
    #expect(core.uploads(to: 1).count == 1)
    #expect(core.wakes <= 3, "\(core.wakes)")
  }
}
