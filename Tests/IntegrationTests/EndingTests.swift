import Foundation
import TestKit
import Testing

/// How `seed` and `download` end when they are told to.
@Suite("Ending", .timeLimit(.minutes(5)))
struct EndingTests {
  @Test(
    "a signal ends seed cleanly, with 130, and the tracker is told", .needsPython,
    arguments: [SIGINT, SIGTERM])
  func signalEndsSeed(number: Int32) async throws {
    let (tracker, content) = try await prepared()
    let child = try Torrentctl.start(
      "seed", ["seed", content.torrents[4], "--content", content.source] + options,
      folder: content.scratch.path)
    try await endsCleanly(child, tracker, number)
  }

  @Test(
    "a signal ends download cleanly, with 130, and the tracker is told", .needsPython,
    arguments: [SIGINT, SIGTERM])
  func signalEndsDownload(number: Int32) async throws {
    let (tracker, content) = try await prepared()
    let copy = try content.scratch.folder("copy")
    let child = try Torrentctl.start(
      "download", ["download", content.torrents[4], "-o", copy] + options, folder: content.scratch.path)
    try await endsCleanly(child, tracker, number)
    #expect(
      !SampleContent.files(below: copy).contains("many/exact.bin"), "nothing incomplete has a final name")
  }

  private let options = ["--bind", "127.0.0.1", "--port", "0", "--no-lsd", "--events"]

  private func prepared() async throws -> (Tracker, SampleContent) {
    let tracker = try await Tracker(on: .loopback)
    return (tracker, try await SampleContent(pieceLength: 16 << 10, announce: tracker.url))
  }

  private func endsCleanly(_ child: ProcessChild, _ tracker: Tracker, _ number: Int32) async throws {
    let port = try await child.listeningPort()
    try await tracker.announced(by: port, torrents: 1)
    child.signal(number)
    #expect(try await child.exit(within: .seconds(8)) == 130, "\(child.report())")
    let announced = tracker.process.events.filter { $0.event == "announce" && $0.port == port }.map(
      \.announced)
    #expect(announced.first == "started")
    #expect(announced.last == "stopped")
    #expect(!child.errors.contains("torrentctl: error"), "\(child.report())")
  }
}
