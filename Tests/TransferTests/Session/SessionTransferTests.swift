import Metainfo
import Testing

@testable import Transfer

/// Whole transfers between sessions, over loopback.
@Suite(.timeLimit(.minutes(5))) struct SessionTransferTests {
  private static let piece = 1 << 15

  @Test(
    arguments: [1, piece - 1, piece, piece + 1, 5 * piece + 123], [IPAddress.loopbackIPv4, .loopbackIPv6])
  func oneFile(size: Int, address: IPAddress) async throws {
    let sample = try SampleTorrent(size: size, pieceLength: Self.piece, seed: UInt64(size))
    try await transfer(sample, address)
  }

  @Test(arguments: [1 << 14, 1 << 15, 1 << 18])
  func manyFiles(pieceLength: Int) async throws {
    let sizes = [0, 1, pieceLength - 1, pieceLength, pieceLength + 1, 0, 3 * pieceLength + 7, 2]
    let sample = try SampleTorrent(
      sizes.enumerated().map { (path: "folder \($0.offset % 3)/file \($0.offset)", size: $0.element) },
      name: "many", pieceLength: pieceLength, seed: 5)
    try await transfer(sample, .loopbackIPv4)
  }

  private func transfer(_ sample: SampleTorrent, _ address: IPAddress) async throws {
    let files = try SessionFolder()
    let seeder = try await TestSession(at: address)
    let leecher = try await TestSession(at: address)
    try await seeder.seed(sample, from: files.write(sample, to: "source"))
    try await leecher.download(sample, into: files.folder("target"), peers: [seeder.endpoint])
    await leecher.log.completed(sample.torrent.infoHashes)
    await leecher.stop()
    await seeder.stop()
    #expect(files.holds(sample, in: "target"))
    #expect(leecher.log.sources == Array(repeating: [seeder.endpoint], count: sample.geometry.pieceCount))
    #expect(leecher.log.wasted == 0)
  }

  /// The peer that connects may as well be the one that has nothing.
  @Test func seedDialsTheDownloader() async throws {
    let sample = try SampleTorrent(size: 100_000)
    let files = try SessionFolder()
    let seeder = try await TestSession()
    let leecher = try await TestSession()
    try await leecher.download(sample, into: files.folder("target"))
    try await seeder.seed(sample, from: files.write(sample, to: "source"), peers: [leecher.endpoint])
    await leecher.log.completed(sample.torrent.infoHashes)
    await leecher.stop()
    await seeder.stop()
    #expect(files.holds(sample, in: "target"))
  }

  @Test func severalSeedersAtOnce() async throws {
    let sample = try SampleTorrent(size: 6 << 20, pieceLength: 1 << 16)
    let files = try SessionFolder()
    let source = try files.write(sample, to: "source")
    var seeders: [TestSession] = []
    for _ in 0..<3 {
      // Slow enough that one of them can't be done before the others have begun.
      let seeder = try await TestSession { $0.limits.upload = 2 << 20 }
      try await seeder.seed(sample, from: source)
      seeders.append(seeder)
    }
    let leecher = try await TestSession()
    try await leecher.download(sample, into: files.folder("target"), peers: seeders.map(\.endpoint))
    await leecher.log.completed(sample.torrent.infoHashes)
    await leecher.stop()
    for seeder in seeders { await seeder.stop() }
    #expect(files.holds(sample, in: "target"))
    #expect(leecher.log.sources.count == sample.geometry.pieceCount)
    #expect(leecher.log.sources.allSatisfy { !$0.isEmpty })
    #expect(Set(leecher.log.sources.joined()) == Set(seeders.map(\.endpoint)))
  }

  /// A seed holds its last piece back until somebody who does not know it has a piece by way of a downloader.
  @Test func downloaderGivesWhatItHas() async throws {
    let sample = try SampleTorrent(size: 20 << 14)
    let files = try SessionFolder()
    let last = UInt32(sample.geometry.pieceCount - 1)
    let release = Gate()
    let seed = try FakeSeed(sample) { raw, _ in
      if raw.piece == last { release.wait() }
      return sample.content(of: raw).map { .block($0) } ?? .nothing
    }
    defer { seed.stop() }
    let between = try await TestSession()
    let end = try await TestSession()
    var options = TorrentOptions()
    options.sequential = true
    options.peers = [seed.endpoint]
    try await between.session.download(sample.torrent, into: files.folder("between"), options)
    try await end.download(sample, into: files.folder("end"), peers: [between.endpoint])
    await end.log.wait(for: "a piece") { if case .piece = $0 { true } else { false } }
    #expect(between.log.wasted == nil)
    release.open()
    await between.log.completed(sample.torrent.infoHashes)
    await end.log.completed(sample.torrent.infoHashes)
    await end.stop()
    await between.stop()
    #expect(files.holds(sample, in: "between") && files.holds(sample, in: "end"))
    #expect(Set(end.log.sources.joined()) == [between.endpoint])
  }

  @Test func resumesWhatIsThere() async throws {
    let sample = try SampleTorrent(size: 10 << 14)
    let files = try SessionFolder()
    let source = try files.write(sample, to: "source")
    let seed = try FakeSeed.honest(sample, number: 1)
    defer { seed.stop() }
    let leecher = try await TestSession()
    try await leecher.download(sample, into: source, peers: [seed.endpoint])
    await leecher.log.completed(sample.torrent.infoHashes)
    await leecher.stop()
    #expect(seed.requests.isEmpty)
    #expect(leecher.log.sources.isEmpty)
    #expect(files.holds(sample, in: "source"))
  }

  /// Content that is only seeded is not mended, and its torrent stays.
  @Test func seedWithAWrongPieceFetchesNothing() async throws {
    let sample = try SampleTorrent(size: 4 << 14)
    let files = try SessionFolder()
    let damaged = try SampleTorrent(size: 4 << 14, seed: 99)
    let source = try files.write(sample, to: "source")
    try files.overwrite("source/sample", at: 1 << 14, with: Array(damaged.bytes.prefix(10)))
    let seeder = try await TestSession()
    try await seeder.seed(sample, from: source)
    let frames = try await onThread {
      let peer = try FakePeer(connectingTo: seeder.endpoint)
      try peer.shakeHands(sample)
      try peer.send(.haveAll, .unchoke, .interested)
      var frames: [FakePeer.Frame] = []
      repeat { frames.append(try peer.next(sample)) } while frames.last != .message(.unchoke)
      let raw = RawBlock(piece: 3, offset: 0, length: 1 << 14)
      try peer.send(.request(raw))
      repeat {
        frames.append(try peer.next(sample))
      } while frames.last != .block(raw, sample.content(of: raw) ?? [])
      return frames
    }
    let isHeard = seeder.log.events.contains { if case .verified(_, 3, 4) = $0 { true } else { false } }
    #expect(isHeard)
    #expect(frames.first == .message(.bitfield([0b1011_0000])))
    #expect(!frames.contains(.message(.interested)))
    await seeder.stop()
  }
}
