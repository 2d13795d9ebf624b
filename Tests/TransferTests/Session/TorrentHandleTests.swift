import Foundation
import Metainfo
import Testing

@testable import Transfer

/// What whoever adds a torrent can do with it.
@Suite("Torrent handles", .timeLimit(.minutes(5))) struct TorrentHandleTests {
  /// A seeder and a downloader that know each other by memory alone.
  private struct Pair {
    let sample: SampleTorrent
    let files: SessionFolder
    let seeder: TestSession
    let leecher: TestSession

    init(_ sample: SampleTorrent, uploadLimit: Int? = nil) async throws {
      self.sample = sample
      files = try SessionFolder()
      let network = MemoryNetwork(step: 100_000, seed: 5)
      seeder = try await TestSession {
        network.attach(&$0)
        $0.limits.upload = uploadLimit
      }
      leecher = try await TestSession { network.attach(&$0) }
      try await seeder.seed(sample, from: files.write(sample, to: "source"))
    }

    func download(_ options: TorrentOptions = TorrentOptions()) async throws -> TorrentHandle {
      var options = options
      options.peers = [seeder.endpoint]
      return try await leecher.session.download(sample.torrent, into: files.folder("target"), options)
    }

    func stop() async {
      await leecher.stop()
      await seeder.stop()
    }
  }

  private func phase(_ handle: TorrentHandle) async -> TorrentSnapshot.Phase? {
    await handle.snapshot()?.phase
  }

  // MARK: Completion

  @Test("Completion returns when all is here, also to those who ask later; a seed is complete at once")
  func completion() async throws {
    let pair = try await Pair(try SampleTorrent(size: 300_000, seed: 4))
    let handle = try await pair.download()
    async let first = handle.completion()
    async let second = handle.completion()
    let summaries = try await [first, second, handle.completion()]
    #expect(Set(summaries).count == 1 && summaries[0].bytes == 300_000 && summaries[0].wasted == 0)
    #expect(pair.files.holds(pair.sample, in: "target"))
    let seed = try #require(await pair.seeder.session.handle(of: pair.sample.torrent.infoHash))
    #expect(try await seed.completion().bytes == 300_000)
    await pair.stop()
  }

  @Test("Completion throws what the torrent has failed for")
  func failure() async throws {
    let pair = try await Pair(try SampleTorrent(size: 50_000, seed: 6))
    let foreign = try pair.files.folder("target") + "/sample"
    try Data("not it".utf8).write(to: URL(fileURLWithPath: foreign))
    let handle = try await pair.download()
    let error = await #expect(throws: TransferError.self) { try await handle.completion() }
    #expect(error?.kind == .foreignFile)
    #expect(await phase(handle) == .failed(try #require(error)))
    // The cause is out of the way: it begins anew.
    try FileManager.default.removeItem(atPath: foreign)
    await handle.add(peers: [pair.seeder.endpoint])
    await handle.resume()
    await handle.add(peers: [pair.seeder.endpoint])
    try await handle.completion()
    #expect(pair.files.holds(pair.sample, in: "target"))
    await pair.stop()
  }

  @Test("A seed whose content is not all right can't be complete")
  func incompleteSeed() async throws {
    let sample = try SampleTorrent(size: 100_000, seed: 7)
    let files = try SessionFolder()
    let source = try files.write(sample, to: "source")
    try files.overwrite("source/sample", at: 40_000, with: Array("wrong".utf8))
    let seeder = try await TestSession()
    let handle = try await seeder.seed(sample, from: source)
    let error = await #expect(throws: TransferError.self) { try await handle.completion() }
    #expect(error?.kind == .incomplete)
    await seeder.stop()
  }

  @Test("Whoever is cancelled waits no longer, and the download goes on")
  func cancellation() async throws {
    let pair = try await Pair(try SampleTorrent(size: 1 << 20, seed: 8), uploadLimit: 1 << 16)
    let handle = try await pair.download()
    let waiting = Task { try await handle.completion() }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
    await pair.seeder.session.setLimits(SessionLimits())
    try await handle.completion()
    await pair.stop()
  }

  @Test("The end of the session ends the waiting")
  func end() async throws {
    let sample = try SampleTorrent(size: 10_000)
    let files = try SessionFolder()
    let leecher = try await TestSession()
    let handle = try await leecher.download(sample, into: files.folder("target"))
    let waiting = Task { try await handle.completion() }
    await leecher.log.verified(handle.id)
    await leecher.stop()
    let error = await #expect(throws: TransferError.self) { try await waiting.value }
    #expect(error?.kind == .state)
    #expect(await handle.snapshot() == nil)
  }

  // MARK: Pausing, removing, selecting

  @Test("A paused torrent has no peers and moves nothing; resumed, it goes on from where it was")
  func pause() async throws {
    let pair = try await Pair(
      try SampleTorrent(size: 2 << 20, pieceLength: 1 << 16, seed: 9), uploadLimit: 1 << 20)
    let handle = try await pair.download()
    await pair.leecher.log.wait(for: "a piece") { if case .piece = $0 { true } else { false } }
    await handle.pause()
    #expect(await phase(handle) == .paused)
    #expect(await handle.peers().isEmpty)
    let before = try #require(await handle.snapshot()?.progress)
    #expect(before.done > 0 && before.done < before.total && before.pieces.count * (1 << 16) == before.done)
    await pair.seeder.log.wait(for: "the end of the connection") {
      if case .peer(_, _, .disconnected, _) = $0 { true } else { false }
    }
    await pair.seeder.session.setLimits(SessionLimits())
    await handle.resume()
    await handle.add(peers: [pair.seeder.endpoint])
    let summary = try await handle.completion()
    #expect(summary.wasted <= 1 << 20)
    #expect(pair.files.holds(pair.sample, in: "target"))
    // What was there before the pause was not fetched again.
    let after = try #require(await handle.snapshot()?.progress)
    #expect(after.downloaded <= before.total - before.done + (4 << 16))
    await pair.stop()
  }

  @Test("Paused while it is opened or examined, it stays so; resumed, it runs")
  func earlyPause() async throws {
    let pair = try await Pair(try SampleTorrent(size: 100_000, seed: 10))
    let handle = try await pair.download()
    await handle.pause()
    await pair.leecher.log.verified(handle.id)
    while await phase(handle) != .paused { await Task.yield() }
    await handle.resume()
    await handle.add(peers: [pair.seeder.endpoint])
    try await handle.completion()
    await pair.stop()
  }

  @Test("Removed, a torrent is gone, its files stay, and it can be added again")
  func remove() async throws {
    let pair = try await Pair(try SampleTorrent(size: 100_000, seed: 11))
    let handle = try await pair.download()
    try await handle.completion()
    try await handle.remove()
    await pair.leecher.log.wait(for: "the removal") { if case .removed = $0 { true } else { false } }
    #expect(await handle.snapshot() == nil)
    #expect(await pair.leecher.session.handles.isEmpty)
    let error = await #expect(throws: TransferError.self) { try await handle.completion() }
    #expect(error?.kind == .state)
    await #expect(throws: TransferError.self) { try await handle.remove() }
    let again = try await pair.download()
    #expect(try await again.completion().bytes == 100_000)
    // The old handle is not the new torrent's.
    #expect(await handle.snapshot() == nil)
    await pair.stop()
  }

  @Test("Removed with its content, a torrent leaves nothing, whatever it was at", arguments: 0..<4)
  func removeWithContent(number: Int) async throws {
    let sample = try SampleTorrent(
      [("a", 100_000), ("sub/b", 1 << 20)], name: "two", pieceLength: 1 << 14, seed: 15)
    let pair = try await Pair(sample, uploadLimit: 1 << 18)
    let handle = try await pair.download()
    if number > 0 {
      await pair.leecher.log.wait(for: "a piece") { if case .piece = $0 { true } else { false } }
    }
    if number == 2 { await handle.pause() }
    if number == 3 {
      await pair.seeder.session.setLimits(SessionLimits())
      try await handle.completion()
    }
    let result = try await handle.removeWithContent()
    #expect(result.kept == [])
    #expect(try FileManager.default.contentsOfDirectory(atPath: pair.files.folder("target")) == [])
    #expect(await handle.snapshot() == nil)
    await #expect(throws: TransferError.self) { try await handle.removeWithContent() }
    // The seed's own are its own; and there is room for the torrent again.
    #expect(pair.files.holds(sample, in: "source"))
    await pair.seeder.session.setLimits(SessionLimits())
    try await pair.download().completion()
    await pair.stop()
  }

  @Test("A torrent that has failed is looked at anew, and what is another's stays")
  func removeFailedWithContent() async throws {
    let pair = try await Pair(
      try SampleTorrent([("a", 50_000), ("b", 50_000)], name: "two", pieceLength: 1 << 14, seed: 16))
    let folder = try pair.files.folder("target/two")
    try Data("not it".utf8).write(to: URL(fileURLWithPath: folder + "/a"))
    try Data(pair.sample.files[1].bytes).write(to: URL(fileURLWithPath: folder + "/b"))
    let handle = try await pair.download()
    await #expect(throws: TransferError.self) { try await handle.completion() }
    let result = try await handle.removeWithContent()
    #expect(result.deleted == [folder + "/b"] && result.kept.map(\.path) == [folder + "/a"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a"])
    await pair.stop()
  }

  @Test("Another selection fetches what is wanted then, and keeps what is there")
  func select() async throws {
    let sample = try SampleTorrent(
      [("a", 100_000), ("b", 100_000), ("c", 100_000)], name: "three", pieceLength: 1 << 14, seed: 12)
    let pair = try await Pair(sample)
    var options = TorrentOptions()
    options.selection = [true, false, false]
    let handle = try await pair.download(options)
    try await handle.completion()
    let files = await handle.files()
    #expect(files.map(\.isWanted) == [true, false, false] && files[0].done == 100_000 && files[2].done == 0)
    await #expect(throws: TransferError.self) { try await handle.select([true]) }
    try await handle.select(nil)
    await handle.add(peers: [pair.seeder.endpoint])
    try await handle.completion()
    #expect(await handle.files().allSatisfy { $0.isWanted && $0.done == $0.length })
    #expect(pair.files.holds(sample, in: "target"))
    await pair.stop()
  }

  // MARK: Looking

  @Test("Whoever listens hears of decisions, with the peer, until the torrent is gone")
  func observations() async throws {
    let pair = try await Pair(try SampleTorrent(size: 100_000, seed: 17))
    let seed = try #require(await pair.seeder.session.handle(of: pair.sample.torrent.infoHash))
    let given = seed.observations()
    let handle = try await pair.leecher.download(pair.sample, into: pair.files.folder("target"))
    let fetched = handle.observations()
    await handle.add(peers: [pair.seeder.endpoint])
    try await handle.completion()
    try await handle.remove()
    try await seed.remove()
    var decisions: [TorrentObservation] = []
    for await observation in fetched { decisions.append(observation) }
    let claims = decisions.filter { if case .claimed = $0.decision { true } else { false } }
    #expect(claims.count == 7 && claims.allSatisfy { $0.peer == pair.seeder.endpoint })
    #expect(zip(decisions, decisions.dropFirst()).allSatisfy { $0.time <= $1.time })
    #expect(
      decisions.contains { $0.decision == .dialed(pair.seeder.endpoint) && $0.peer == pair.seeder.endpoint })
    var slots = 0
    for await observation in given {
      if case .unchoked(_, .free) = observation.decision { slots += 1 }
    }
    #expect(slots == 1)
    // One who comes late hears that there is nothing to come.
    for await _ in handle.observations() { Issue.record("an observation of a torrent that is gone") }
    await pair.stop()
  }

  @Test("Snapshots show every torrent, its peers and its files")
  func snapshots() async throws {
    let sample = try SampleTorrent(size: 1 << 20, pieceLength: 1 << 14, seed: 13)
    let pair = try await Pair(sample, uploadLimit: 1 << 18)
    let handle = try await pair.download()
    await pair.leecher.log.wait(for: "a piece") { if case .piece = $0 { true } else { false } }
    let snapshot = try #require(await pair.leecher.session.snapshots().first)
    #expect(snapshot.id == handle.id && snapshot.name == "sample" && snapshot.phase == .running)
    #expect(!snapshot.isSeed && snapshot.progress?.total == 1 << 20)
    let peers = await handle.peers()
    #expect(peers.map(\.endpoint) == [pair.seeder.endpoint])
    #expect(
      peers.first?.pieceCount == 64 && peers.first?.isOutgoing == true && peers.first?.isChokingUs == false)
    #expect(await handle.files().first.map { $0.done > 0 && $0.length == 1 << 20 } == true)
    #expect(await pair.seeder.session.snapshots().first?.isSeed == true)
    #expect(pair.leecher.session.port == pair.leecher.endpoint.port)
    await pair.stop()
  }

  @Test("Limits that change while a torrent runs hold from then on")
  func limits() async throws {
    let pair = try await Pair(try SampleTorrent(size: 1 << 20, seed: 14), uploadLimit: 32 << 10)
    let handle = try await pair.download()
    await pair.leecher.log.wait(for: "a piece") { if case .piece = $0 { true } else { false } }
    var limits = await pair.seeder.session.limits
    #expect(limits.upload == 32 << 10)
    limits.upload = nil
    await pair.seeder.session.setLimits(limits)
    // With the old limit this would take half a minute.
    #expect(try await handle.completion().seconds < 15)
    await pair.stop()
  }
}
