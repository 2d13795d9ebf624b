import Metainfo
import Testing

@testable import Transfer

@Suite("Whom to dial, and for how long") struct DialTests {
  /// Dials of a core that are ended, or answered, as a network would, on the harness's clock.
  private struct Line {
    var core: CoreHarness
    private(set) var seconds = 0.0
    /// Addresses that have been dialed, with the time of each dial.
    private(set) var dials: [(endpoint: Endpoint, at: Double)] = []
    private var pending: [(endpoint: Endpoint, until: Double)] = []

    init(_ core: CoreHarness) { self.core = core }

    /// A tenth of a second. Whoever is not honest never answers.
    mutating func step(honest: (Endpoint) -> Int?) -> Int? {
      for action in core.takeActions() {
        guard case .dial(let endpoint, let patience) = action else { continue }
        dials.append((endpoint, seconds))
        if let peer = honest(endpoint) { return peer }
        pending.append((endpoint, seconds + Double(patience.nanoseconds) / 1e9))
      }
      core.wait(0.1)
      seconds += 0.1
      for dial in pending where dial.until <= seconds { core.handle(.dialFailed(dial.endpoint)) }
      pending.removeAll { $0.until <= seconds }
      return nil
    }
  }

  @Test("While others wait to be dialed an answer has two seconds to come, otherwise five")
  func patience() {
    var core = CoreHarness(pieces: 1)
    core.handle(.learned((1...3).map(CoreHarness.endpoint), .tracker))
    let times = core.takeActions().compactMap { if case .dial(_, let time) = $0 { time } else { nil } }
    #expect(times == [.seconds(2), .seconds(2), .seconds(5)])
  }

  @Test(
    "N05: an honest peer among thousands that never answer is found within 30 s",
    arguments: [(199, 200), (9_990, 1_000)])
  func silent(dead: Int, honest: Int) {
    var line = Line(CoreHarness(pieces: 1))
    line.core.handle(.learned((1...dead + 1).map(CoreHarness.endpoint), .tracker))
    var found: Int?
    while found == nil, line.seconds < 60 {
      found = line.step { $0 == CoreHarness.endpoint(honest) ? honest : nil }
      // Bounded all the while.
      #expect(line.core.governor.dials.taken <= 256)
    }
    #expect(found == honest)
    #expect(line.seconds < 30, "\(line.seconds) s")
  }

  @Test("One that the user has named is dialed for ever, a minute apart at last")
  func named() {
    var line = Line(CoreHarness(pieces: 1))
    line.core.handle(.learned([CoreHarness.endpoint(1)], .user))
    while line.seconds < 1_000 { _ = line.step { _ in nil } }
    #expect(line.dials.count > 15)
    let pauses = zip(line.dials.dropFirst(), line.dials).map { $0.at - $1.at }
    #expect(pauses.allSatisfy { $0 < 66 })
  }

  @Test("A peer that has connected to us is dialed once at its address, and not again while it is there")
  func connectedAlready() {
    var core = CoreHarness(pieces: 1)
    core.connect(1)
    core.handle(.learned([CoreHarness.endpoint(2)], .tracker))
    #expect(core.dialed == [CoreHarness.endpoint(2)])
    // It is the same peer.
    core.wait(20)
    _ = core.takeActions()
    core.connect(2, isOutgoing: true, id: CoreHarness.id(1))
    #expect(core.farewell(to: 2) == .duplicate)
    _ = core.takeActions()
    for _ in 0..<60 {
      core.wait(10)
      core.peer(1, says: .keepAlive)
    }
    #expect(core.dialed == [])
    core.handle(.left(CoreHarness.key(1)))
    core.wait(6)
    #expect(core.dialed == [CoreHarness.endpoint(2)])
  }

  @Test("Where a peer says that it accepts connections it is not dialed")
  func saidPort() {
    var core = CoreHarness(pieces: 1)
    core.connect(1)
    var handshake = ExtensionHandshake()
    handshake.port = 6_000
    core.peer(1, says: .extensionHandshake(handshake))
    core.handle(.learned([Endpoint(CoreHarness.endpoint(1).address, port: 6_000)], .tracker))
    core.wait(5)
    #expect(core.dialed == [])
  }

  @Test("A peer that comes back is let in when its earlier line has gone quiet, and not before")
  func comingBack() {
    var core = CoreHarness(pieces: 1)
    core.connect(1)
    core.wait(5)
    core.connect(2, id: CoreHarness.id(1), endpoint: CoreHarness.endpoint(1))
    #expect(core.farewell(to: 2) == .duplicate)
    core.wait(6)
    core.connect(3, id: CoreHarness.id(1), endpoint: CoreHarness.endpoint(1))
    #expect(core.isConnected(3) && !core.isConnected(1))
    // From elsewhere anybody could come under a name that it has read.
    core.wait(60)
    core.connect(4, id: CoreHarness.id(1))
    #expect(core.farewell(to: 4) == .duplicate)
    #expect(core.isConnected(3))
  }
}
