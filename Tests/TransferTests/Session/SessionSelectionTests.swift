import Foundation
import Metainfo
import Testing

@testable import Transfer

/// Downloads of some of a torrent's files.
@Suite(.timeLimit(.minutes(5))) struct SessionSelectionTests {
  private static let piece = 1 << 14

  /// Of ten pieces the second file touches the last three.
  private let sample: SampleTorrent
  private let files: SessionFolder

  init() throws {
    let sizes = [("a", 7 * Self.piece + 100), ("sub/b", 2 * Self.piece), ("sub/none", 0), ("c", 500)]
    sample = try SampleTorrent(
      sizes.map { (path: $0.0, size: $0.1) }, name: "t", pieceLength: Self.piece, seed: 3)
    files = try SessionFolder()
  }

  private func download(
    _ selection: [Bool]?, from seeder: TestSession, _ leecher: TestSession
  ) async throws {
    var options = TorrentOptions()
    options.selection = selection
    options.peers = [seeder.endpoint]
    try await leecher.session.download(sample.torrent, into: files.folder("target"), options)
    await leecher.log.completed(sample.torrent.infoHashes)
  }

  private func isThere(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(files.path)/target/t/\(name)")
  }

  @Test func aSelectionAndThenTheRest() async throws {
    let seeder = try await TestSession()
    try await seeder.seed(sample, from: files.write(sample, to: "source"))
    let wanted = 2 * Self.piece + 600
    let first = try await TestSession()
    try await download([false, true, true, false], from: seeder, first)
    // The seed has nothing left to give.
    await first.log.wait(for: "a farewell") {
      if case .peer(_, _, .disconnected, _) = $0 { true } else { false }
    }
    await first.stop()
    #expect(first.log.farewells == ["neither side needs anything of the other"])
    #expect(first.log.sources.count == 3)
    #expect(isThere("sub/b") && isThere("sub/none") && isThere("a.part") && isThere("c.part"))
    #expect(!isThere("a") && !isThere("c"))
    var last: TransferProgress?
    for event in first.log.events {
      if case .progress(_, let progress) = event { last = progress }
      if case .completed(_, _, let bytes, let wasted) = event { #expect(bytes == wanted && wasted == 0) }
      if case .verified(_, let good, let total) = event { #expect(good == 0 && total == 10) }
    }
    #expect(last?.done == wanted && last?.total == wanted && last?.pieces.count == 3)

    let second = try await TestSession()
    try await download(nil, from: seeder, second)
    await second.stop()
    await seeder.stop()
    #expect(second.log.sources.count == 7, "what was fetched stays")
    #expect(files.holds(sample, in: "target"))
    #expect(!isThere("a.part") && !isThere("c.part"))
  }

  /// What the tracker is told is left is what is wanted and missing, so it is 0 at the end.
  @Test func aSelectionThatIsThere() async throws {
    let leecher = try await TestSession()
    _ = try files.write(sample, to: "target")
    try files.overwrite("target/t/a", at: 0, with: [1, 2, 3, 4, 5, 6, 7, 8])
    try await download([false, true, false, true], from: leecher, leecher)
    await leecher.stop()
    let isVerified = leecher.log.events.contains { if case .verified(_, 9, 10) = $0 { true } else { false } }
    #expect(isVerified)
    #expect(leecher.log.sources.isEmpty)
    #expect(isThere("a"), "no piece of it was to be written")
  }

  @Test func aSelectionOfAnotherTorrentIsRefused() async throws {
    let leecher = try await TestSession()
    var options = TorrentOptions()
    options.selection = [true]
    let target = try files.folder("target")
    do throws(TransferError) {
      try await leecher.session.download(sample.torrent, into: target, options)
      Issue.record("went on")
    } catch {
      #expect(error.description.hasSuffix("a selection of 1 files, and there are 4"))
    }
    await leecher.stop()
  }
}
