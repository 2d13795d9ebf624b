import Bencode
import Metainfo
import Platform
import TestKit
import Testing

@testable import Transfer

/// Whole sessions that know each other from a tracker alone.
@Suite(.timeLimit(.minutes(5))) struct SessionTrackerTests {
  /// Answers each announce with everybody who has announced before.
  private final class Peers: Sendable {
    private let ports = Lock<[UInt16]>([])

    func answer(_ target: String) -> ScriptedServer.Answer {
      let field = target.split(separator: "&").first { $0.hasPrefix("port=") }
      guard let port = field.flatMap({ UInt16($0.dropFirst(5)) }) else {
        return .text("HTTP/1.1 400 Bad\r\n\r\n")
      }
      let known = ports.withLock { ports in
        defer { if !ports.contains(port) { ports.append(port) } }
        return ports.filter { $0 != port }
      }
      let compact = known.flatMap { [127, 0, 0, 1, UInt8($0 >> 8), UInt8($0 & 255)] }
      let body = BencodeValue.dictionary([
        Array("interval".utf8): 1800, Array("peers".utf8): .string(compact),
      ]).encoded()
      return .bytes(Array("HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\n\r\n".utf8) + body)
    }
  }

  private func session() throws -> Session {
    var configuration = SessionConfiguration()
    configuration.bindAddresses = [.loopbackIPv4]
    configuration.port = .any
    configuration.usesLocalDiscovery = false
    return try Session(configuration)
  }

  /// What a client that announced with this port has told the tracker.
  private func told(_ server: ScriptedServer, _ port: UInt16) -> [String] {
    server.targets.filter { $0.contains("&port=\(port)&") }.map { target in
      let fields = target.split(separator: "&").map(String.init)
      return ["event=", "left="].compactMap { name in fields.first { $0.hasPrefix(name) } }.joined(
        separator: " ")
    }
  }

  @Test("A torrent that leaves while the session is stopped is waited for by both", arguments: [false, true])
  func leavesMeanwhile(withContent: Bool) async throws {
    let peers = Peers()
    // Of the end it hears, and says nothing.
    let server = try ScriptedServer { target, number in number == 0 ? peers.answer(target) : .silence }
    defer { server.stop() }
    let torrent = try Metainfo.Torrent(of: [1, 2, 3], announce: "\(server.url)/announce")
    let tree = try TemporaryTree()
    try tree.write([1, 2, 3], to: "from/content")
    let session = try session()
    let log = EventLog(session)
    let handle = try await session.seed(torrent, content: tree.path + "/from")
    await log.wait(for: "an announce") { if case .tracker = $0 { true } else { false } }
    let leaving = Task {
      if withContent { _ = try await handle.removeWithContent() } else { try await handle.remove() }
    }
    await log.wait(for: "the removal") { if case .removed = $0 { true } else { false } }
    await session.stop()
    try await leaving.value
    #expect(server.targets.count == 2)
  }

  @Test("a download from a peer that the tracker names, told from start to end")
  func download() async throws {
    let peers = Peers()
    let server = try ScriptedServer { target, _ in peers.answer(target) }
    defer { server.stop() }
    var random = SplitMix64(seed: 22)
    let content = (0..<100_000).map { _ in UInt8.random(in: 0...255, using: &random) }
    let torrent = try Metainfo.Torrent(of: content, announce: "\(server.url)/announce")
    let tree = try TemporaryTree()
    try tree.write(content, to: "from/content")
    try tree.makeFolder("to")

    let (seeder, leecher) = (try session(), try session())
    let (seederPort, leecherPort) = (seeder.port, leecher.port)
    let (seederEvents, leecherEvents) = (seeder.events(), leecher.events())
    try await seeder.seed(torrent, content: tree.path + "/from")
    for await event in seederEvents {
      if case .tracker(_, let url, let outcome) = event {
        #expect(url == "\(server.url)/announce" && outcome == .peers(0))
        break
      }
    }
    try await leecher.download(torrent, into: tree.path + "/to").completion()
    #expect(tree.read("to/content") == content)
    // The completion is told while the session goes on.
    for await event in leecherEvents {
      if case .tracker = event, told(server, leecherPort).count == 2 { break }
    }
    await leecher.stop()
    await seeder.stop()
    #expect(
      told(server, leecherPort) == [
        "event=started left=100000", "event=completed left=0", "event=stopped left=0",
      ])
    #expect(told(server, seederPort) == ["event=started left=0", "event=stopped left=0"])
  }
}
