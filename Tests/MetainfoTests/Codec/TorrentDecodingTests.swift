import Bencode
import Metainfo
import Testing

@Suite struct TorrentDecodingTests {
  @Test("A single file")
  func single() throws {
    let bytes = Sample.bytes(Sample.single, ["announce": "http://127.0.0.1/announce", "comment": "hi"])
    let torrent = try Torrent(decoding: bytes)
    #expect(torrent.info.isSingleFile)
    #expect(torrent.paths == [["file.bin"]])
    #expect(torrent.info.layout.totalLength == 100_000)
    #expect(torrent.info.geometry.pieceCount == 7)
    #expect(!torrent.info.isPrivate)
    #expect(torrent.announce.tiers == [["http://127.0.0.1/announce"]])
    #expect(torrent.comment == "hi")
    #expect(torrent.createdBy == nil)
    #expect(torrent.warnings.isEmpty)
    #expect(torrent.infoHash == InfoHash(SHA1.digest(of: Sample.value(Sample.single).encoded())))
  }

  @Test("Several files, one of them empty, and a pad file")
  func several() throws {
    var info = Sample.files([])
    info["files"] = [
      ["length": 3, "path": ["a", "b"]], ["length": 0, "path": ["empty"]],
      ["attr": "p", "length": 16381, "path": [".pad", "16381"]], ["length": 5, "path": ["c"], "attr": "xh"],
    ]
    info["pieces"] = Sample.hashes(2)
    let torrent = try Torrent(decoding: Sample.bytes(info))
    #expect(torrent.info.files.map(\.offset) == [0, 3, 3, 16384])
    #expect(torrent.info.files.map(\.isPadding) == [false, false, true, false])
    #expect(torrent.info.diskPath(of: 0) == ["folder", "a", "b"])
    #expect(torrent.warnings.isEmpty)
  }

  @Test("A torrent of empty files has no piece")
  func empty() throws {
    var info = Sample.files([["a"], ["b", "c"]])
    info["files"] = [["length": 0, "path": ["a"]], ["length": 0, "path": ["b", "c"]]]
    info["pieces"] = ""
    let torrent = try Torrent(decoding: Sample.bytes(info))
    #expect(torrent.info.geometry.pieceCount == 0)
    #expect(torrent.info.files.count == 2)
    var single = Sample.single
    single["length"] = 0
    single["pieces"] = ""
    #expect(try Torrent(decoding: Sample.bytes(single)).info.geometry.pieceCount == 0)
  }

  @Test(
    "Trackers in every form that programs write",
    arguments: [
      (["announce": "http://a/"], [["http://a/"]]),
      (
        ["announce": "http://a/", "announce-list": [["http://b/"], ["http://c/", "http://a/"]]],
        [["http://b/"], ["http://c/", "http://a/"]]
      ),
      (["announce-list": ["http://a/", "http://b/"]], [["http://a/"], ["http://b/"]]),
      (["announce": "http://a/", "announce-list": []], [["http://a/"]]),
      (["announce": "http://a/", "announce-list": [[], [""]]], [["http://a/"]]),
      (["announce": " http://a/\n"], [["http://a/"]]),
      (["announce": ""], []), ([:], []),
      (["announce": 1], []), (["announce-list": 1], []), (["announce-list": [[1], [["x"]]]], []),
    ] as [([String: BencodeValue], [[String]])])
  func trackers(fields: [String: BencodeValue], tiers: [[String]]) throws {
    #expect(try Torrent(decoding: Sample.bytes(Sample.single, fields)).announce.tiers == tiers)
  }

  @Test(
    "Web seeds as a string, a list or nothing",
    arguments: [
      ("http://a/", ["http://a/"]), (["http://a/", "http://b/"], ["http://a/", "http://b/"]), ("", []),
      ([], []), (["", 1, "http://a/"], ["http://a/"]), ([:], []), (5, []),
    ] as [(BencodeValue, [String])])
  func webSeeds(value: BencodeValue, seeds: [String]) throws {
    #expect(try Torrent(decoding: Sample.bytes(Sample.single, ["url-list": value])).webSeeds == seeds)
  }

  @Test("Nodes, of which the impossible are left out")
  func nodes() throws {
    let value: BencodeValue = [
      ["a", 1], ["b", 65535], ["c", 0], ["d", 65536], ["e", -1], ["", 5], ["f"], ["g", 1, 1], [1, 1], "h",
    ]
    let torrent = try Torrent(decoding: Sample.bytes(Sample.single, ["nodes": value]))
    #expect(torrent.nodes.map(\.host) == ["a", "b"])
    #expect(torrent.warnings.count == 8)
  }

  @Test(
    "M09 optional fields of the wrong kind count as absent, with a warning",
    arguments: [
      ("comment", 1), ("created by", [:]), ("creation date", "today"), ("announce", [:]), ("url-list", 1),
      ("nodes", 1),
    ] as [(String, BencodeValue)])
  func wrongKind(field: String, value: BencodeValue) throws {
    let torrent = try Torrent(decoding: Sample.bytes(Sample.single, [field: value]))
    #expect(torrent.warnings.map(\.description).allSatisfy { $0.hasPrefix("\(field): ignored: ") })
    #expect(torrent.warnings.count == 1)
    #expect(torrent.comment == nil && torrent.createdBy == nil && torrent.creationDate == nil)
  }

  @Test("Unknown keys are named")
  func extraKeys() throws {
    var info = Sample.single
    info["x-cross"] = "1"
    let torrent = try Torrent(decoding: Sample.bytes(info, ["azureus_properties": [:], "encoding": "UTF-8"]))
    #expect(torrent.extraKeys == ["azureus_properties", "encoding", "info.x-cross"])
  }

  @Test("B10 bytes after the torrent are reported")
  func trailing() throws {
    let bytes = Sample.bytes(Sample.single)
    let torrent = try Torrent(decoding: bytes + [10])
    #expect(torrent.warnings.map(\.description) == ["bytes after the end at byte \(bytes.count)"])
  }

  @Test("The info-hash is taken over the bytes as they stand, canonical or not")
  func rawHash() throws {
    let pieces = String(repeating: "h", count: 20)
    let info = "d4:name1:a6:lengthi01e12:piece lengthi16384e6:pieces20:\(pieces)e"
    let torrent = try Torrent(decoding: Array("d4:info\(info)e".utf8))
    #expect(torrent.infoHash == InfoHash(SHA1.digest(of: Array(info.utf8))))
    #expect(torrent.warnings.count == 2)
  }

  @Test("What was encoded decodes to the same")
  func roundTrip() throws {
    let files = [["a", "b"], ["a", "ü"], ["c"]].enumerated().compactMap { index, path in
      TorrentPath(path).map {
        FileEntry(path: $0, length: index * 20_000, offset: max(0, index - 1) * 20_000)
      }
    }
    let layout = FileLayout(files: files)
    let info = Info(
      name: try #require(TorrentPath(["näme"])), layout: layout,
      geometry: try #require(PieceGeometry(totalLength: layout.totalLength, pieceLength: 32768)),
      pieceHashes: [UInt8](repeating: 9, count: 40), isSingleFile: false, isPrivate: true, source: "S")
    let hash = InfoHash(SHA1.digest(of: info.encoded()))
    let torrent = Torrent(
      infoHashes: InfoHashes(hash), info: info,
      announce: AnnounceTiers([["http://a/", "http://b/"], ["udp://c:1"]]),
      webSeeds: ["http://w/"], nodes: [BootstrapNode(host: "n", port: 1)].compactMap { $0 }, comment: "c",
      createdBy: "me", creationDate: 5)
    let bytes = torrent.encoded(infoBytes: info.encoded())
    _ = try BencodeDocument(bytes, reading: .strict)
    let decoded = try Torrent(decoding: bytes)
    #expect(decoded.infoHash == hash)
    #expect(Array(decoded.info.files) == files)
    #expect(decoded.info.name == info.name)
    #expect(decoded.info.pieceHashes == info.pieceHashes)
    #expect(decoded.info.isPrivate && decoded.info.source == "S")
    #expect(decoded.announce == torrent.announce)
    #expect(decoded.webSeeds == torrent.webSeeds)
    #expect(decoded.nodes == torrent.nodes)
    #expect(decoded.comment == "c" && decoded.createdBy == "me" && decoded.creationDate == 5)
    #expect(decoded.warnings.isEmpty && decoded.extraKeys.isEmpty)
    #expect(decoded.encoded(infoBytes: decoded.info.encoded()) == bytes)
  }

  @Test("M02 BitComet's pad files are known by their names")
  func bitComet() throws {
    let torrent = try Torrent(
      decoding: Sample.bytes(
        Sample.files([
          ["a.txt"], ["_____padding_file_0_\u{e5}\u{a6}"], ["b", "_____padding_file_1_x"],
          ["_____padding_file_2"], ["_____padding"],
        ])))
    #expect(torrent.info.files.map(\.isPadding) == [false, true, true, true, false])
    #expect(torrent.warnings.isEmpty)
  }
}
