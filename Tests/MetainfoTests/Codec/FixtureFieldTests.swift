import Metainfo
import Testing

/// What torrents by other hands say besides their content.
@Suite struct FixtureFieldTests {
  /// Where a torrent leads: its trackers by tier, web seeds and nodes.
  struct Links: CustomTestStringConvertible, Sendable {
    let name: String
    let tiers: [[String]]
    var webSeeds: [String] = []
    var nodes: [String] = []
    var testDescription: String { name }
  }

  private static let tracker = "http://127.0.0.1:6969/announce"
  private static let seeds = ["http://127.0.0.1:8080/one/", "http://127.0.0.1:8080/two/"]
  private static let backup = "http://backup.example/announce"

  static let links: [Links] = [
    Links(
      name: "libtorrent-tiers",
      tiers: [[tracker, "udp://[::1]:6969"], ["http://tracker.example/announce"]],
      webSeeds: ["http://127.0.0.1:8080/seed/"], nodes: ["127.0.0.1:6881"]),
    Links(name: "libtorrent-multi", tiers: []),
    Links(name: "mktorrent-single", tiers: [[tracker, "http://[::1]:6969/announce"], [backup]]),
    Links(name: "mktorrent-webseed", tiers: [[tracker]], webSeeds: seeds),
    Links(name: "transmission-single", tiers: [[tracker]]),
    Links(
      name: "torf-single",
      tiers: [[tracker, "http://[::1]:6969/announce"], ["udp://backup.example:6969"]],
      webSeeds: ["http://127.0.0.1:8080/潮.txt"]),
    Links(
      name: "py3createtorrent-multi", tiers: [[tracker]], webSeeds: seeds,
      nodes: ["127.0.0.1:6881", "router.example:6882"]),
    Links(name: "dottorrent-multi", tiers: [[tracker], [backup]], webSeeds: seeds),
    Links(name: "dottorrent-single", tiers: []),
    Links(name: "torrentfile-multi", tiers: [[tracker]]),
    Links(name: "torrentfile-v2", tiers: [], webSeeds: [seeds[0]]),
    Links(
      name: "buildtorrent-multi", tiers: [[tracker], ["udp://127.0.0.1:6969", "udp://[::1]:6969"]],
      webSeeds: seeds),
    Links(name: "ctorrent-multi", tiers: [[tracker]]),
    Links(
      name: "deluge-multi", tiers: [[tracker, "udp://127.0.0.1:6969"], [backup]],
      webSeeds: ["http://127.0.0.1:8080/a/", "http://127.0.0.1:8080/b/"]),
    Links(
      name: "handmade/nodes-and-seeds",
      tiers: [
        ["http://tracker.example/announce", "HTTPS://tracker.example:443/announce?key=a%20b"],
        ["udp://[2001:db8::1]:6969"], ["wss://tracker.example"],
      ],
      webSeeds: ["http://127.0.0.1:8080/gr%C3%BC%C3%9Fe/"],
      nodes: ["127.0.0.1:6881", "[::1]:6882", "router.example:1"]),
  ]

  @Test("M02 trackers, web seeds and nodes are found as they were written", arguments: links)
  func urls(links: Links) throws {
    let torrent = try Torrent(decoding: Sample.fixture(links.name + ".torrent"))
    #expect(torrent.announce.tiers == links.tiers)
    #expect(torrent.webSeeds == links.webSeeds)
    #expect(
      torrent.nodes.map { "\($0.host.contains(":") ? "[\($0.host)]" : $0.host):\($0.port)" } == links.nodes)
  }

  @Test("M02 comments, sources, dates and privacy of torrents by other hands")
  func furtherFields() throws {
    func read(_ name: String) throws -> Torrent { try Torrent(decoding: Sample.fixture(name + ".torrent")) }
    let tiers = try read("libtorrent-tiers")
    #expect(tiers.comment == "Zwei Stufen, ein Web-Seed: größer als nötig 🌊")
    #expect(tiers.creationDate == 1_700_000_000)
    #expect(tiers.info.isPrivate && tiers.info.geometry.pieceLength == 65536)
    let single = try read("mktorrent-single")
    #expect(single.info.isSingleFile && single.info.source == "TEST")
    #expect(single.comment == "one file, private, with a source")
    #expect(try read("mktorrent-webseed").info.name.name == "shared data")
    let torf = try read("torf-single")
    #expect(torf.info.source == "源" && torf.comment == "一つのファイル" && torf.info.isPrivate)
    let dottorrent = try read("dottorrent-single")
    #expect(dottorrent.info.source == "TEST" && dottorrent.info.isPrivate && dottorrent.creationDate == nil)
    let hybrid = try read("torrentfile-hybrid")
    #expect(hybrid.info.source == "TEST" && hybrid.info.isPrivate && hybrid.extraKeys.isEmpty)
    let torrentfile = try read("torrentfile-multi")
    #expect(torrentfile.comment == nil && torrentfile.extraKeys == ["httpseeds", "info.comment"])
    let deluge = try read("deluge-multi")
    #expect(deluge.comment == "Überflut" && deluge.info.isPrivate && deluge.extraKeys == ["encoding"])
    let buildtorrent = try read("buildtorrent-multi")
    #expect(buildtorrent.comment == "Bauwerk" && buildtorrent.createdBy == "buildtorrent/0.8")
    #expect(buildtorrent.info.isPrivate)
  }
}
