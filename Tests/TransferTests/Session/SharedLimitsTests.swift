import Metainfo
import Testing

@testable import Transfer

/// What the torrents of one session share.
@Suite("Limits of a session", .timeLimit(.minutes(5))) struct SharedLimitsTests {
  @Test(
    "Three torrents under one upload limit have it together, and the same each", arguments: [true, false])
  func together(isUpload: Bool) async throws {
    let files = try SessionFolder()
    let rate = 256 << 10
    let seeder = try await TestSession { if isUpload { $0.limits.upload = rate } }
    let leecher = try await TestSession { if !isUpload { $0.limits.download = rate } }
    var handles: [TorrentHandle] = []
    for number in 0..<3 {
      let sample = try SampleTorrent(
        size: 4 << 20, name: "sample \(number)", pieceLength: 1 << 14, seed: UInt64(number + 20))
      try await seeder.seed(sample, from: files.write(sample, to: "source"))
      handles.append(try await leecher.download(sample, into: files.folder("target"), peers: []))
    }
    let clock = ContinuousClock()
    let start = clock.now
    for handle in handles { await handle.add(peers: [seeder.endpoint]) }

    // Fair among those that run: on a busy machine one may have been alone for a while.
    func downloaded(_ isEnough: ([Int]) -> Bool) async throws -> [Int] {
      while true {
        var bytes: [Int] = []
        for handle in handles { bytes.append(await handle.snapshot()?.progress?.downloaded ?? 0) }
        if isEnough(bytes) { return bytes }
        try await Task.sleep(for: .milliseconds(20))
      }
    }
    let before = try await downloaded { $0.allSatisfy { $0 > 0 } }
    let after = try await downloaded { $0.reduce(0, +) - before.reduce(0, +) >= 3 << 19 }
    let seconds = (clock.now - start) / .seconds(1)
    // A quarter of a second's burst, and a block that each was given before it was paid for.
    #expect(Double(after.reduce(0, +)) <= Double(rate) * (seconds + 1), "\(after) in \(seconds) s")
    let shares = zip(after, before).map { $0 - $1 }
    // Of what has come: on a busy machine that is more by the time it is asked for.
    let third = shares.reduce(0, +) / 3
    #expect(
      shares.allSatisfy { $0 > third * 5 / 8 && $0 < third * 11 / 8 },
      "\(shares), of which each should be a third")
    await leecher.stop()
    await seeder.stop()
  }
}
