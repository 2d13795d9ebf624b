import Metainfo
import Testing

@testable import Transfer

/// What the torrents of one session share.
@Suite("Limits of a session", .timeLimit(.minutes(2))) struct SharedLimitsTests {
  @Test(
    "Three torrents under one upload limit have it together, and the same each", arguments: [true, false])
  func together(isUpload: Bool) async throws {
    let files = try SessionFolder()
    let rate = 256 << 10
    let seeder = try await TestSession { if isUpload { $0.limits.upload = rate } }
    let leecher = try await TestSession { if !isUpload { $0.limits.download = rate } }
    var handles: [TorrentHandle] = []
    let clock = ContinuousClock()
    // Before the first torrent: on a busy machine it has spent a while alone when the third one comes.
    let start = clock.now
    for number in 0..<3 {
      let sample = try SampleTorrent(
        size: 4 << 20, name: "sample \(number)", pieceLength: 1 << 14, seed: UInt64(number + 20))
      try await seeder.seed(sample, from: files.write(sample, to: "source"))
      handles.append(
        try await leecher.download(sample, into: files.folder("target"), peers: [seeder.endpoint]))
    }
    var downloaded = [0, 0, 0]
    while downloaded.reduce(0, +) < 2 << 20 {
      try await Task.sleep(for: .milliseconds(50))
      for number in 0..<3 { downloaded[number] = await handles[number].snapshot()?.progress?.downloaded ?? 0 }
    }
    let seconds =
      Double((clock.now - start).components.seconds) + Double((clock.now - start).components.attoseconds)
      / 1e18
    let sum = downloaded.reduce(0, +)
    // A quarter of a second's burst, and a block that each was given before it was paid for.
    #expect(Double(sum) <= Double(rate) * (seconds + 1), "\(downloaded) in \(seconds) s")
    #expect(downloaded.allSatisfy { abs($0 - sum / 3) < sum / 6 }, "\(downloaded)")
    await leecher.stop()
    await seeder.stop()
  }
}
