import Metainfo
import Testing

@testable import Transfer

/// How much is under way, and how much is asked for twice.
@Suite struct FetchingBoundsTests {
  @Test("Without memory for more each worker has a piece, and one more is under way")
  func noMemory() {
    var limits = SwarmLimits()
    limits.maxWorkers = 2
    var core = CoreHarness(pieces: 100, limits: limits)
    core.governor.memory.capacity = 0
    for peer in 1...2 { core.connectSeed(peer) }
    #expect((1...3).contains(core.core.fetching.active.count), "\(core.core.fetching.active.count)")
  }

  @Test("A torrent alone has all the memory, and half of it beside another that fetches")
  func sharedMemory() {
    func underWay(besideAnother: Bool) -> Int {
      var core = CoreHarness(pieces: 100)
      core.governor.memory.capacity = 12 * PieceGeometry.blockLength
      if besideAnother { core.governor.memory.take(1, for: TorrentKey(slot: 9, generation: 1)) }
      core.connectSeed(1)
      return core.core.fetching.active.count
    }
    #expect(underWay(besideAnother: false) == 12)
    #expect(underWay(besideAnother: true) == 6)
  }

  @Test("Where pieces end with their files, what is between files is never asked for")
  func endsOfFiles() throws {
    let piece = 4 * PieceGeometry.blockLength
    let lengths = [piece + 5, 1, 2 * piece, 3 * PieceGeometry.blockLength]
    var entries: [FileEntry] = []
    var offset = 0
    for (number, length) in lengths.enumerated() {
      if let padding = FileEntry.padding(at: offset, pieceLength: piece) {
        entries.append(padding)
        offset += padding.length
      }
      entries.append(
        FileEntry(path: try #require(TorrentPath(["\(number)"])), length: length, offset: offset))
      offset += length
    }
    var core = CoreHarness(pieces: 6, blocks: 4, short: 6 * piece - offset, files: FileLayout(files: entries))
    core.connectSeed(1)
    var asked: [RawBlock] = []
    while case let more = core.asked(of: 1), !more.isEmpty {
      asked += more
      for block in more { core.peer(1, sends: block) }
    }
    #expect(asked.map { Int($0.length) }.reduce(0, +) == lengths.reduce(0, +))
    #expect(asked.count == 5 + 1 + 8 + 3)
  }

  @Test("While there is something to pick no block is asked for twice")
  func onceEach() {
    var core = CoreHarness(pieces: 100, blocks: 4)
    for peer in 1...3 { core.connectSeed(peer) }
    let asked = (1...3).flatMap { core.asked(of: $0) }
    #expect(asked.count >= 30)
    #expect(Set(asked).count == asked.count)
  }

  @Test("Nor when there is no memory for another piece: that is not the end")
  func onceEachWithoutMemory() {
    var core = CoreHarness(pieces: 100, blocks: 4)
    core.governor.memory.capacity = 0
    for peer in 1...3 { core.connectSeed(peer) }
    var asked = (1...3).flatMap { core.asked(of: $0) }
    for block in asked.prefix(6) {
      for peer in 1...3 where core.core.expects(block, from: CoreHarness.key(peer)) != nil {
        core.peer(peer, sends: block)
      }
    }
    core.wait(1)
    asked += (1...3).flatMap { core.asked(of: $0) }
    #expect(asked.count >= 12)
    #expect(Set(asked).count == asked.count)
  }

  @Test("Near the end a peer is asked for eight blocks that others were asked for, and no more")
  func endGameWindow() {
    var core = CoreHarness(pieces: 1, blocks: 64)
    core.connectSeed(1)
    #expect(core.asked(of: 1).count == 16)
    core.connectSeed(2)
    let copies = core.asked(of: 2)
    #expect(copies.count == 8)
    core.peer(2, sends: copies[0])
    #expect(core.core.peers[CoreHarness.key(2)]?.supply.window.count == 8)
  }

  @Test("The block that comes first has its copies cancelled")
  func cancelled() {
    var core = CoreHarness(pieces: 1, blocks: 2)
    core.connectSeed(1)
    core.connectSeed(2)
    _ = core.takeActions()
    core.peer(1, sends: CoreHarness.raw(0, 0))
    #expect(core.said(to: 2).contains(.cancel(CoreHarness.raw(0, 0))))
  }
}
