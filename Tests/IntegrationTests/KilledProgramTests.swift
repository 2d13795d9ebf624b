import Foundation
import TestKit
import Testing

/// Programs that stand still, and that are killed.
@Suite("Programs that stop", .timeLimit(.minutes(5)))
struct KilledProgramTests {
  @Test(
    "K02 a downloader that is killed again and again goes on each time, and fetches next to nothing twice")
  func killedAgain() async throws {
    var random = SystemRandomNumberGenerator()
    let share = try await SharedFile("killed again", size: 6 << 20, pieceLength: 64 << 10)
    let (seeder, peer) = try await share.seed(on: .loopback, "--upload-limit", "4MiB")
    var waits: [Int] = []
    // What had been told to be stored when the last one was killed, and must be there.
    var kept = 0
    for _ in 0..<8 {
      let leecher = try share.download(into: "copy", from: peer, on: .loopback)
      let good = try #require(try await leecher.event("verified").good)
      #expect(good >= kept, "\(waits)")
      // Right after the start, or so many pieces later: at no certain moment of what it does.
      let wait = Int.random(in: 0...8, using: &random) + (waits.isEmpty ? 1 : 0)
      waits.append(wait)
      _ = try await eventually("pieces", within: .seconds(20), saying: leecher.report) {
        leecher.events.count { $0.event == "piece" } >= min(wait, 96 - good) ? true : nil
      }
      leecher.signal(SIGKILL)
      _ = try await leecher.exit(within: .seconds(5))
      kept = good + leecher.events.count { $0.event == "piece" }
    }
    #expect(kept > 0, "\(waits)")
    let last = try share.download(into: "copy", from: peer, on: .loopback)
    #expect(try await last.exit(within: .seconds(30)) == 0, "\(waits)\n\(last.report())")
    #expect(share.copy("copy") == share.bytes, "\(waits)")
    #expect(SampleContent.files(below: "\(share.scratch.path)/copy") == ["film.bin"], "\(waits)")
    let again = try #require(last.events.first { $0.event == "verified" }?.good)
    #expect(again >= kept, "\(waits)")
    seeder.end()
  }

  @Test("K04 a create that is killed leaves nothing half done, and the next one makes the same torrent")
  func killedCreate() async throws {
    let share = try await SharedFile("killed create", size: 48 << 20)
    let output = "\(share.scratch.path)/again.torrent"
    let arguments = [
      "create", share.content, "-o", output, "--piece-length", "16KiB", "--date", "2026-11-21", "--force",
    ]
    let (first, _, _) = try await Torrentctl.run(arguments, folder: share.scratch.path)
    let before = try #require(TestFile.bytes(output))
    #expect(first == 0)
    for _ in 0..<10 {
      let create = try Torrentctl.start(
        "create-\(UInt32.random(in: 0 ... .max))", arguments, folder: share.scratch.path)
      // Whatever it is at then: that is the point.
      try await Task.sleep(for: .milliseconds(Int.random(in: 1...40)))
      create.signal(SIGKILL)
      _ = try await create.exit(within: .seconds(5))
      #expect(TestFile.bytes(output) == before)
    }
    let (code, _, errors) = try await Torrentctl.run(arguments, folder: share.scratch.path)
    #expect(code == 0, "\(errors)")
    #expect(TestFile.bytes(output) == before)
    // What killed ones may have left beside it was taken away.
    let left = SampleContent.files(below: share.scratch.path).filter { $0.contains("torrent") }
    #expect(left.sorted() == ["again.torrent", "film.torrent"], "\(left)")
  }

  @Test(
    "K10 a seed that is killed while it gives leaves its files as they were, and the downloader goes on with another"
  )
  func killedSeed() async throws {
    let share = try await SharedFile("killed", size: 8 << 20)
    let before = try FileManager.default.attributesOfItem(atPath: share.content)
    let (first, peer) = try await share.seed(on: .loopback, "--upload-limit", "4MiB")
    let (second, other) = try await share.seed(on: .loopback)
    let leecher = try share.download(into: "copy", from: peer, on: .loopback)
    _ = try await leecher.event("piece")
    first.signal(SIGKILL)
    _ = try await first.exit(within: .seconds(5))
    let after = try FileManager.default.attributesOfItem(atPath: share.content)
    for key in [FileAttributeKey.modificationDate, .systemFileNumber, .size] {
      #expect("\(before[key] as Any)" == "\(after[key] as Any)")
    }
    #expect(TestFile.bytes(share.content) == share.bytes)
    #expect(SampleContent.files(below: share.source) == ["film.bin"])
    leecher.signal(SIGINT)
    #expect(try await leecher.exit(within: .seconds(10)) == 130)
    let again = try share.download(into: "copy", from: other, on: .loopback)
    #expect(try await again.exit(within: .seconds(20)) == 0, "\(again.report())")
    #expect(share.copy("copy") == share.bytes)
    // What the first had given was not fetched again.
    let kept = try #require(again.events.first { $0.event == "verified" }?.good)
    #expect(kept >= 1 && again.events.count { $0.event == "piece" } == 512 - kept)
    second.end()
  }

  @Test("K09 a downloader that is stopped and continued goes on, on the same connection")
  func suspended() async throws {
    let share = try await SharedFile("stopped", size: 8 << 20)
    let (seeder, peer) = try await share.seed(on: .loopback, "--upload-limit", "2MiB")
    let leecher = try share.download(into: "copy", from: peer, on: .loopback)
    _ = try await leecher.event("piece")
    leecher.signal(SIGSTOP)
    // As long as it is to stand still.
    try await Task.sleep(for: .seconds(3))
    leecher.signal(SIGCONT)
    #expect(try await leecher.exit(within: .seconds(30)) == 0, "\(leecher.report())")
    #expect(share.copy("copy") == share.bytes)
    #expect(seeder.output.components(separatedBy: "\"state\":\"connected\"").count == 2, "\(seeder.report())")
    seeder.end()
  }
}
