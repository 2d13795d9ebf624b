import Metainfo
import Testing

@testable import Transfer

@Suite("What peers may ask for")
struct CoreUploadTests {
  /// A seeding core with interested peers.
  private func seeding(
    _ peers: ClosedRange<Int>, blocks: Int = 64, fast: Bool = true,
    _ change: (inout SessionLimits) -> Void = { _ in }
  ) -> CoreHarness {
    var limits = SessionLimits()
    change(&limits)
    var core = CoreHarness(pieces: 2, blocks: blocks, have: [0, 1], sharing: limits)
    for peer in peers {
      core.connect(peer, fast: fast)
      core.peer(peer, says: .interested)
    }
    return core
  }

  @Test("Who is interested is unchoked at once while there are slots, and choked when it has enough")
  func slots() {
    var core = seeding(1...3) { $0.uploadSlots = 2 }
    #expect(core.said(to: 1) == [.haveAll, .unchoke])
    #expect(core.said(to: 2) == [.haveAll, .unchoke])
    #expect(core.said(to: 3) == [.haveAll])
    core.peer(1, says: .notInterested)
    #expect(core.said(to: 1) == [.choke])
    #expect(core.said(to: 3) == [.unchoke], "the free slot goes to who waits")
    core.handle(.left(CoreHarness.key(2)))
    core.connect(4)
    core.peer(4, says: .interested)
    #expect(core.said(to: 4).last == .unchoke)
  }

  @Test("A request is handed to the shell, sixteen at a time, in order")
  func inHand() {
    var core = seeding(1...1)
    let blocks = (0..<20).map { CoreHarness.block(0, $0) }
    for block in blocks { core.peer(1, says: .request(RawBlock(block))) }
    #expect(core.uploads(to: 1) == Array(blocks.prefix(16)))
    core.handle(.uploaded(CoreHarness.key(1), blocks[0]))
    #expect(core.uploads(to: 1) == [blocks[16]])
  }

  @Test("A cancelled block is not sent, if it was still waiting", arguments: [false, true])
  func cancel(fast: Bool) {
    var core = seeding(1...1, fast: fast)
    for number in 0..<18 { core.peer(1, says: .request(CoreHarness.raw(0, number))) }
    _ = core.takeActions()
    core.peer(
      1, says: .cancel(CoreHarness.raw(0, 17)), .cancel(CoreHarness.raw(0, 0)), .cancel(CoreHarness.raw(1, 0))
    )
    // BEP 6: every request is answered, by its block or by a reject.
    #expect(core.said(to: 1) == (fast ? [.reject(CoreHarness.raw(0, 17))] : []))
    for number in 0..<16 { core.handle(.uploaded(CoreHarness.key(1), CoreHarness.block(0, number))) }
    #expect(core.uploads(to: 1) == [CoreHarness.block(0, 16)])
  }

  @Test(
    "Choked or asked for what is not here: a reject with BEP 6, silence without", arguments: [false, true])
  func refused(fast: Bool) {
    var core = CoreHarness(pieces: 2, have: [0])
    core.connect(1, fast: fast)
    _ = core.takeActions()
    core.peer(1, says: .request(CoreHarness.raw(0)))
    #expect(core.said(to: 1) == (fast ? [.reject(CoreHarness.raw(0))] : []))
    core.peer(1, says: .interested)
    _ = core.takeActions()
    core.peer(1, says: .request(CoreHarness.raw(1)))
    #expect(core.said(to: 1) == (fast ? [.reject(CoreHarness.raw(1))] : []))
    #expect(core.uploads(to: 1) == [])
    #expect(core.isConnected(1))
  }

  @Test("A choke drops what was waiting, with a reject each if BEP 6 is spoken", arguments: [false, true])
  func chokeDrops(fast: Bool) {
    var core = seeding(1...1, fast: fast)
    for number in 0..<20 { core.peer(1, says: .request(CoreHarness.raw(0, number))) }
    _ = core.takeActions()
    core.peer(1, says: .notInterested)
    let rejects = (16..<20).map { Message.reject(CoreHarness.raw(0, $0)) }
    #expect(core.said(to: 1) == [.choke] + (fast ? rejects : []))
    core.handle(.uploaded(CoreHarness.key(1), CoreHarness.block(0)))
    #expect(core.uploads(to: 1) == [])
  }

  @Test(
    "W12 100,000 requests at once, one block a thousand times: the queue is bounded, the rest rejected or dropped",
    arguments: [false, true])
  func queueBound(fast: Bool) {
    var core = seeding(1...1, blocks: 8192, fast: fast)
    let bound = SwarmCore.longestUploadQueue + SwarmCore.uploadsInHand
    core.peer(1, requests: (0..<bound).map { CoreHarness.raw(0, $0) })
    #expect(core.core.peers[CoreHarness.key(1)]?.demand.uploads.count == SwarmCore.longestUploadQueue)
    _ = core.takeActions()
    core.peer(1, says: .request(CoreHarness.raw(0, bound)))
    #expect(core.said(to: 1) == (fast ? [.reject(CoreHarness.raw(0, bound))] : []))
    for first in stride(from: 0, to: 99_000, by: 1_000) {
      core.peer(1, requests: (first..<first + 1_000).map { CoreHarness.raw(0, $0 % 8192) })
    }
    core.peer(1, requests: Array(repeating: CoreHarness.raw(0, 5), count: 1_000))
    #expect(core.core.peers[CoreHarness.key(1)]?.demand.uploads.count == SwarmCore.longestUploadQueue)
    #expect(core.said(to: 1).count == (fast ? 100_000 : 0))
    #expect(core.uploads(to: 1).isEmpty)
    #expect(core.isConnected(1))
  }

  @Test("Every 10 s the places are given anew; the one that goes round reaches everyone")
  func rotation() {
    var core = seeding(1...5) { $0.uploadSlots = 2 }
    var unchoked: Set<Int> = []
    for _ in 0..<20 {
      core.wait(10)
      let now = (1...5).filter { core.core.peers[CoreHarness.key($0)]?.demand.isChoked == false }
      #expect(now.count == 2)
      unchoked.formUnion(now)
      for peer in 1...5 { core.peer(peer, says: .keepAlive) }
    }
    #expect(unchoked == [1, 2, 3, 4, 5])
  }

  @Test("The upload limit holds, and everyone gets the same share of it")
  func uploadLimit() {
    var core = seeding(1...4, blocks: 1024) { $0.upload = 200_000 }
    for peer in 1...4 { core.peer(peer, requests: (0..<300).map { CoreHarness.raw(0, $0) }) }
    var sent = [Int](repeating: 0, count: 5)
    for _ in 0..<80 {
      core.wait(0.25)
      for peer in 1...4 {
        for block in core.uploads(to: peer) {
          sent[peer] += block.length
          core.handle(.uploaded(CoreHarness.key(peer), block))
        }
      }
    }
    let total = sent.reduce(0, +)
    #expect((3_800_000...4_200_000).contains(total), "\(total) bytes in 20 s at 200,000 a second")
    for peer in 1...4 { #expect((total / 5...total / 3).contains(sent[peer]), "\(sent)") }
  }

  @Test("The download limit holds")
  func downloadLimit() {
    var limits = SessionLimits()
    limits.download = 100_000
    var core = CoreHarness(pieces: 40, blocks: 16, sharing: limits)
    core.connectSeed(1)
    core.connectSeed(2)
    var received = 0
    for _ in 0..<80 {
      core.wait(0.25)
      for peer in 1...2 {
        for block in core.asked(of: peer) {
          core.peer(peer, sends: block)
          received += 16_384
        }
      }
      core.checks.forEach { core.check($0) }
    }
    #expect((1_850_000...2_150_000).contains(received), "\(received) bytes in 20 s at 100,000 a second")
  }
}
