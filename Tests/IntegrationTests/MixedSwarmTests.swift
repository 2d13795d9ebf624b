import TestKit
import Testing

@Suite("Mixed swarm", .timeLimit(.minutes(5)))
struct MixedSwarmTests {
  /// One libtorrent seeder, two of ours and one libtorrent leecher: all finish, and each leecher has had payload from
  /// another one and given payload to another one. Which pairs trade is up to them.
  ///
  /// The exchange must happen because the seeder is in super-seeding mode: it offers every piece to one peer first, and
  /// that peer a further one only when another has the first; and because it comes last, when the leechers have met, so
  /// that none is done before another begins. Each program has an address of its own on loopback, by which the others
  /// name it as a source.
  @Test("a libtorrent seeder, two of ours and a libtorrent leecher all trade", .needs(.libtorrent))
  func everybodyTrades() async throws {
    let scratch = try ScratchFolder("mixed")
    let source = try scratch.folder("source")
    var seed: UInt64 = 4
    try TestFile.write(SampleContent.bytes(6 << 20, seed: &seed), to: "\(source)/film.bin")
    let torrent = "\(scratch.path)/film.torrent"
    let (code, _, errors) = try await Torrentctl.run(
      ["create", "\(source)/film.bin", "-o", torrent, "--piece-length", "32768"], folder: scratch.path)
    try #require(code == 0, "create: \(errors)")

    var known: [String] = []
    var ours: [ProcessChild] = []
    for address in ["127.0.0.2", "127.0.0.3"] {
      let peer = try Torrentctl.start(
        "ours-\(address)",
        [
          "download", torrent, "-o", try scratch.folder("copy-\(address)"), "--seed", "--bind", address,
          "--port", "0",
        ]
          + ["--no-lsd", "--events"] + known.flatMap { ["--peer", $0] }, folder: scratch.path)
      known.append("\(address):\(try await peer.listeningPort())")
      ours.append(peer)
    }
    let leecher = try ProcessChild(
      "leecher",
      try ReferenceClient.driver("libtorrent_peer")
        + ["--bind", "127.0.0.4", "--save", try scratch.folder("copy-127.0.0.4")]
        + known.flatMap { ["--peer", $0] } + [torrent], folder: scratch.path)
    known.append("127.0.0.4:\(try await leecher.listeningPort())")
    for peer in ours { _ = try await peer.event("peer", within: .seconds(60)) }

    let seeder = try ProcessChild(
      "seeder",
      try ReferenceClient.driver("libtorrent_peer")
        + ["--bind", "127.0.0.1", "--save", source, "--super-seed", "--upload-limit", "2000000"]
        + known.flatMap { ["--peer", $0] } + [torrent],
      folder: scratch.path)

    for peer in ours { _ = try await peer.event("completed", within: .seconds(60)) }
    _ = try await leecher.event("complete", within: .seconds(60))

    let original = TestFile.bytes("\(source)/film.bin")
    let addresses = ["127.0.0.2", "127.0.0.3", "127.0.0.4"]
    for address in addresses {
      #expect(
        TestFile.bytes("\(scratch.path)/copy-\(address)/film.bin") == original, "the copy of \(address)")
    }
    let leechers = Array(zip(addresses, ours + [leecher]))
    // The driver's statistics come twice a second, and later on a busy machine: its last word may still be on its way.
    _ = try await eventually(
      "everyone giving and having payload", within: .seconds(20),
      saying: { leechers.map { $0.1.report() }.joined() }
    ) {
      let sources = leechers.map { address, peer in
        let kind = peer === leecher ? "stats" : "piece"
        let hosts = peer.events.filter { $0.event == kind }.flatMap { $0.from ?? [] }.map(Self.host)
        return Set(hosts).intersection(Set(addresses).subtracting([address]))
      }
      let givers = sources.reduce(into: Set()) { $0.formUnion($1) }
      return sources.allSatisfy { !$0.isEmpty } && givers == Set(addresses) ? true : nil
    }
    for child in ours + [leecher, seeder] { child.end() }
  }

  /// The address in `address:port`, or the whole when there is no port.
  private static func host(_ endpoint: String) -> String {
    endpoint.split(separator: ":").first.map(String.init) ?? endpoint
  }
}
