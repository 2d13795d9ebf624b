import Metainfo
import Testing

@testable import Transfer

/// Whole sessions against each other without a socket, over streams that are cut wherever it pleases them.
@Suite(.timeLimit(.minutes(5))) struct MemorySessionTests {
  /// The most bytes that one call moves: a byte, what cuts every header, and what holds many blocks.
  private static let steps = [1, 19, 40_000, 1 << 20]

  @Test("One session fetches from another, byte for byte", arguments: steps)
  func twoSessions(step: Int) async throws {
    // Byte by byte a little is enough.
    let size = step == 1 ? 10_000 : 130_000
    let sample = try SampleTorrent(
      [("a", size / 2 + 1), ("b/c", 0), ("b/d", size)], name: "folder", pieceLength: size / 4, seed: 3)
    let files = try SessionFolder()
    let network = MemoryNetwork(capacity: max(step, 100), step: step, seed: UInt64(step))
    let seeder = try await TestSession { network.attach(&$0) }
    let leecher = try await TestSession { network.attach(&$0) }
    try await seeder.seed(sample, from: files.write(sample, to: "source"))
    try await leecher.download(sample, into: files.folder("target"), peers: [seeder.endpoint])
    await leecher.log.completed(sample.torrent.infoHashes)
    await leecher.stop()
    await seeder.stop()
    #expect(files.holds(sample, in: "target"))
    #expect(leecher.log.sources == Array(repeating: [seeder.endpoint], count: sample.geometry.pieceCount))
    #expect(leecher.log.wasted == 0)
  }

  @Test("A seed, and three that help each other")
  func swarm() async throws {
    let sample = try SampleTorrent(size: 3 << 20, pieceLength: 1 << 16, seed: 8)
    let files = try SessionFolder()
    let network = MemoryNetwork(step: 50_000, seed: 77)
    let seeder = try await TestSession { network.attach(&$0) }
    var leechers: [TestSession] = []
    for _ in 0..<3 { leechers.append(try await TestSession { network.attach(&$0) }) }
    try await seeder.seed(sample, from: files.write(sample, to: "source"))
    let all = [seeder.endpoint] + leechers.map(\.endpoint)
    for (number, leecher) in leechers.enumerated() {
      try await leecher.download(
        sample, into: files.folder("target \(number)"), peers: all.filter { $0 != leecher.endpoint })
    }
    for leecher in leechers { await leecher.log.completed(sample.torrent.infoHashes) }
    for session in leechers + [seeder] { await session.stop() }
    for number in leechers.indices { #expect(files.holds(sample, in: "target \(number)")) }
  }

  @Test("Nobody at an address is said like that, and the download goes on with others")
  func nobodyThere() async throws {
    let sample = try SampleTorrent(size: 40_000)
    let files = try SessionFolder()
    let network = MemoryNetwork()
    let seeder = try await TestSession { network.attach(&$0) }
    let leecher = try await TestSession { network.attach(&$0) }
    try await seeder.seed(sample, from: files.write(sample, to: "source"))
    let nobody = Endpoint(seeder.endpoint.address, port: 999)
    try await leecher.download(sample, into: files.folder("target"), peers: [nobody, seeder.endpoint])
    await leecher.log.completed(sample.torrent.infoHashes)
    await leecher.log.wait(for: "a refusal") {
      if case .peer(_, nobody, .disconnected("Connection refused"), _) = $0 { true } else { false }
    }
    await leecher.stop()
    await seeder.stop()
    #expect(files.holds(sample, in: "target"))
  }
}
