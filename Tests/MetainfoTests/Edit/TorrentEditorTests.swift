import Bencode
import Testing

@testable import Metainfo

@Suite("Editing a torrent") struct TorrentEditorTests {
  private func edit(_ bytes: [UInt8], _ changes: TorrentChange...) throws -> EditedTorrent {
    try TorrentEditor(bytes).applying(changes)
  }

  /// A torrent of one file with these top-level fields.
  private func torrent(_ fields: [String: BencodeValue] = [:]) -> [UInt8] {
    Sample.bytes(Sample.single, fields)
  }

  @Test(
    "M12 torrents of other programs keep their info bytes, unknown keys and hashes",
    arguments: FixtureTests.hashes.map(\.name))
  func fixtures(name: String) throws {
    let bytes = try Sample.fixture(name)
    let edited = try edit(
      bytes, .addTrackers(["udp://new.example:6969"], tier: nil), .comment("edited ✎"),
      .addWebSeed("http://w/"))
    #expect(edited.isChanged)
    #expect(edited.torrent.infoHashes == edited.original.infoHashes)
    #expect(edited.torrent.comment == "edited ✎")
    #expect(
      edited.torrent.announce.tiers == edited.original.announce.tiers + [["udp://new.example:6969"]])
    #expect(edited.torrent.webSeeds == edited.original.webSeeds + ["http://w/"])
    let before = try RawTorrent(bytes)
    let after = try RawTorrent(edited.bytes)
    #expect(after["info"] == before["info"])
    let touched: Set = ["announce", "announce-list", "comment", "comment.utf-8", "url-list"]
    #expect(after.except(touched) == before.except(touched))
    if before["announce"] != nil { #expect(after["announce"] == before["announce"]) }
    #expect(try BencodeDocument(edited.bytes).warnings.count <= BencodeDocument(bytes).warnings.count)
  }

  @Test("what a torrent says already changes nothing")
  func nothing() throws {
    let bytes = torrent([
      "announce": "http://a", "announce-list": [["http://a"], ["http://b", ""]], "comment": "hi",
      "created by": "me", "creation date": 5, "url-list": "http://w/", "nodes": [["n", 1]],
    ])
    let node = try #require(BootstrapNode(host: "n", port: 1))
    let edited = try edit(
      bytes, .setTrackers(AnnounceTiers([["http://a"], ["http://b"]])), .addTrackers(["http://b"], tier: nil),
      .removeTracker("http://c"), .replaceTracker("http://c", with: "http://d"), .comment("hi"),
      .createdBy("me"),
      .creationDate(5), .setWebSeeds(["http://w/"]), .addWebSeed("http://w/"), .removeWebSeed("http://x/"),
      .setNodes([node]), .addNode(node), .isPrivate(false), .source(nil), .name(edited: "file.bin"))
    #expect(!edited.isChanged)
    #expect(edited.bytes == bytes)
  }

  @Test("keys keep their place in a file that isn't sorted, and a new one comes before the first greater")
  func unsorted() throws {
    let info = Sample.value(Sample.single)
    let raw = RawTorrent([
      ("zeta", 1), ("info", info), ("comment", "old"), ("comment", "twice"), ("alpha", ["x"]),
    ])
    // A length with a leading zero is read, and stays.
    let bytes = Array("d04:ZETAi1e".utf8) + raw.bytes.dropFirst() + Array("tail".utf8)
    let edited = try edit(bytes, .comment("new"), .creationDate(7))
    let after = try RawTorrent(edited.bytes)
    #expect(after.entries.map(\.key) == ["ZETA", "creation date", "zeta", "info", "comment", "alpha"])
    #expect(edited.bytes.starts(with: "d04:ZETAi1e13:creation datei7e4:zeta".utf8))
    #expect(edited.bytes.suffix(5).elementsEqual("etail".utf8))
    #expect(edited.torrent.infoHashes == edited.original.infoHashes)
    #expect(edited.torrent.comment == "new")
  }

  @Test("the tiers that nothing was done to keep their bytes")
  func oddTiers() throws {
    let odd: BencodeValue = [["http://a", 5, ""], "http://b", [" http://c "], [], .string([0xff])]
    let bytes = torrent(["announce-list": odd])
    let added = try RawTorrent(edit(bytes, .addTrackers(["http://d", "http://a"], tier: nil)).bytes)
    #expect(added["announce"] == nil)
    #expect(
      try #require(added["announce-list"]).hasPrefix("ll8:http://ai5e0:e8:http://bl10: http://c ele1:"))
    #expect(try #require(added["announce-list"]).hasSuffix("l8:http://dee"))
    let inTier = try edit(bytes, .addTrackers(["http://d"], tier: 2)).torrent
    #expect(inTier.announce.tiers == [["http://a"], ["http://b", "http://d"], ["http://c"]])
    let beyond = try edit(bytes, .addTrackers(["http://d"], tier: 9)).torrent
    #expect(beyond.announce.tiers.last == ["http://d"])
    let removed = try edit(bytes, .removeTracker("http://c"), .removeTracker("http://b")).torrent
    #expect(removed.announce.tiers == [["http://a"]])
  }

  @Test("announce goes along with the list")
  func announce() throws {
    func keys(_ fields: [String: BencodeValue], _ changes: TorrentChange...) throws -> [String?] {
      let after = try RawTorrent(try TorrentEditor(torrent(fields)).applying(changes).bytes)
      return [after["announce"], after["announce-list"]]
    }
    let one: [String: BencodeValue] = ["announce": "a://1"]
    let two: [String: BencodeValue] = ["announce": "a://1", "announce-list": [["a://1"], ["a://2"]]]
    let foreign: [String: BencodeValue] = ["announce": "a://9", "announce-list": [["a://1"]]]
    #expect(try keys([:], .addTrackers(["a://1"], tier: nil)) == ["5:a://1", nil])
    #expect(try keys([:], .addTrackers(["a://1", "a://2"], tier: nil)) == ["5:a://1", "ll5:a://15:a://2ee"])
    #expect(try keys(one, .addTrackers(["a://2"], tier: nil)) == ["5:a://1", "ll5:a://1el5:a://2ee"])
    #expect(try keys(one, .addTrackers(["a://2"], tier: 1)) == ["5:a://1", "ll5:a://15:a://2ee"])
    #expect(try keys(one, .removeTracker("a://1")) == [nil, nil])
    #expect(try keys(one, .replaceTracker("a://1", with: "a://2")) == ["5:a://2", nil])
    #expect(try keys(two, .removeTracker("a://1")) == ["5:a://2", "ll5:a://2ee"])
    #expect(try keys(two, .removeTracker("a://1"), .removeTracker("a://2")) == [nil, nil])
    #expect(try keys(two, .replaceTracker("a://1", with: "a://3")) == ["5:a://3", "ll5:a://3el5:a://2ee"])
    #expect(try keys(two, .replaceTracker("a://1", with: "a://2")) == ["5:a://2", "ll5:a://2ee"])
    #expect(try keys(two, .setTrackers(AnnounceTiers())) == [nil, nil])
    #expect(try keys(two, .setTrackers(AnnounceTiers([["a://3"]]))) == ["5:a://3", nil])
    #expect(
      try keys(two, .setTrackers(AnnounceTiers([["a://3"], ["a://4"]]))) == [
        "5:a://3", "ll5:a://3el5:a://4ee",
      ])
    #expect(try keys(foreign, .addTrackers(["a://2"], tier: nil)) == ["5:a://9", "ll5:a://1el5:a://2ee"])
    #expect(try keys(foreign, .removeTracker("a://9")) == ["5:a://1", "ll5:a://1ee"])
    #expect(try keys(foreign, .removeTracker("a://1")) == ["5:a://9", nil])
  }

  /// `announce` as a list, which BEP 3 doesn't know and some programs write.
  @Test(
    "A tracker that is said to be gone is nowhere in the file",
    arguments: [
      (["http://a"], [["http://a"], ["http://b"]]), (["http://a"], nil), (["http://a", "http://b"], nil),
      (["http://b", "http://a", "http://c"], [["http://c"]]), ("http://a", [["http://b"]]),
      ([["http://a"]], [["http://a"], ["http://b"]]),
    ] as [(BencodeValue, BencodeValue?)])
  func gone(announce: BencodeValue, list: BencodeValue?) throws {
    var fields: [String: BencodeValue] = ["announce": announce]
    fields["announce-list"] = list
    func has(_ url: String, _ bytes: [UInt8]) -> Bool {
      String(decoding: bytes, as: UTF8.self).contains("\(url.utf8.count):\(url)")
    }
    let removed = try edit(torrent(fields), .removeTracker("http://a"))
    #expect(!has("http://a", removed.bytes))
    #expect(!removed.torrent.announce.tiers.joined().contains("http://a"))
    let replaced = try edit(torrent(fields), .replaceTracker("http://a", with: "http://new"))
    #expect(!has("http://a", replaced.bytes) && has("http://new", replaced.bytes))
  }

  @Test("The brackets of an IPv6 address are not part of it, and what can be no host is ignored")
  func bracketedNodes() throws {
    let bytes = torrent(["nodes": [["[2001:db8::1]", 6881], ["a b", 1], ["[x]", 1], ["h", 2]]])
    let node = try #require(BootstrapNode(host: "[2001:db8::1]", port: 6881))
    #expect(node.host == "2001:db8::1")
    let edited = try edit(bytes, .removeNode(node))
    #expect(edited.original.nodes == [node, BootstrapNode(host: "h", port: 2)])
    #expect(edited.original.warnings.count == 2)
    #expect(edited.torrent.nodes == [BootstrapNode(host: "h", port: 2)])
  }

  @Test("Every number but 0 is private already, and what is no number is not")
  func privateAlready() throws {
    for (value, isPrivate) in [(2, true), (-1, true), (0, false), ("1", false)] as [(BencodeValue, Bool)] {
      var info = Sample.single
      info["private"] = value
      let bytes = Sample.bytes(info)
      #expect(try !edit(bytes, .isPrivate(isPrivate)).isChanged)
      #expect(try edit(bytes, .isPrivate(!isPrivate)).torrent.info.isPrivate != isPrivate)
    }
  }

  @Test("web seeds and nodes")
  func lists() throws {
    let node = try #require(BootstrapNode(host: "::1", port: 2))
    let bytes = torrent(["url-list": "http://w/", "nodes": [["n", 1], "junk"]])
    let after = try RawTorrent(edit(bytes, .addWebSeed("http://x/"), .addNode(node)).bytes)
    #expect(after["url-list"] == "l9:http://w/9:http://x/e")
    #expect(after["nodes"] == "ll1:ni1ee4:junkl3:::1i2eee")
    let gone = try RawTorrent(edit(bytes, .removeWebSeed("http://w/"), .setNodes([])).bytes)
    #expect(gone["url-list"] == nil && gone["nodes"] == nil)
  }

  @Test("texts under a second key in UTF-8 go along")
  func twins() throws {
    let bytes = torrent(["comment": .string([0xe9]), "comment.utf-8": "é"])
    let changed = try RawTorrent(edit(bytes, .comment("ß")).bytes)
    #expect(changed["comment"] == "2:ß" && changed["comment.utf-8"] == "2:ß")
    let removed = try RawTorrent(edit(bytes, .comment(nil)).bytes)
    #expect(removed["comment"] == nil && removed["comment.utf-8"] == nil)
  }

  @Test("changes of the info dictionary change its hash, and nothing else in it")
  func info() throws {
    let unknown = Sample.single.merging(["zzz": 1, "aaa": "x", "private": 0]) { $1 }
    let bytes = Sample.bytes(unknown, ["comment": "c"])
    let edited = try edit(bytes, .name(edited: "new"), .isPrivate(true), .source("S"))
    #expect(edited.torrent.infoHashes != edited.original.infoHashes)
    let expected = unknown.merging(["name": "new", "private": 1, "source": "S"]) { $1 }
    #expect(edited.bytes == Sample.bytes(expected, ["comment": "c"]))
    #expect(edited.torrent.info.name.name == "new" && edited.torrent.info.isPrivate)
    let back = try edit(edited.bytes, .name(edited: "file.bin"), .isPrivate(false), .source(nil))
    #expect(back.bytes == Sample.bytes(unknown.filter { $0.key != "private" }, ["comment": "c"]))
    #expect(TorrentChange.isPrivate(true).changesInfoHash && !TorrentChange.comment(nil).changesInfoHash)
  }

  @Test("a file of version 2 is renamed in its file tree as well", arguments: [true, false])
  func fileTree(isHybrid: Bool) throws {
    var info: [String: BencodeValue] = [
      "name": "a", "piece length": 16384, "meta version": 2,
      "file tree": ["a": ["": ["length": 5, "pieces root": .string([UInt8](repeating: 7, count: 32))]]],
    ]
    if isHybrid {
      info["length"] = 5
      info["pieces"] = Sample.hashes(1)
    }
    let edited = try edit(Sample.bytes(info, ["piece layers": [:]]), .name(edited: "b"))
    #expect(edited.torrent.info.name.name == "b")
    #expect(edited.torrent.info.isSingleFile)
    #expect(edited.torrent.infoHashes.v2 != edited.original.infoHashes.v2)
    #expect((edited.torrent.infoHashes.v1 != nil) == isHybrid)
  }

  @Test("what is no torrent is refused")
  func refused() {
    for text in ["", "hello", "de", "d4:infodee", "d7:comment2:hie"] {
      #expect(throws: MetainfoError.self) { _ = try TorrentEditor(Array(text.utf8)) }
    }
  }
}

extension TorrentChange {
  static func name(edited name: String) throws -> TorrentChange { .name(try #require(TorrentPath([name]))) }
}
