import Bencode
import Metainfo
import Testing

/// What version 2 asks of a torrent beyond version 1 (BEP 52).
@Suite struct Version2Tests {
  /// A leaf of a file tree.
  static func leaf(_ length: BencodeValue, _ root: BencodeValue? = .string(root(1))) -> BencodeValue {
    var fields: [String: BencodeValue] = ["length": length]
    fields["pieces root"] = root
    return ["": Sample.value(fields)]
  }

  static func root(_ seed: UInt8) -> [UInt8] { [UInt8](repeating: seed, count: 32) }

  /// The digests of two pieces and the root they lead to.
  static let layer = [UInt8](repeating: 3, count: 64)
  static var layerRoot: [UInt8] {
    let digest = SHA256.digest(of: layer)
    return digest.indices.map { digest[$0] }
  }

  static let info: [String: BencodeValue] = [
    "name": "folder", "piece length": 16384, "meta version": 2,
    "file tree": ["a": ["b.txt": leaf(5)], "c.txt": leaf(7)],
  ]

  /// What becomes of the sample when one field is replaced, or removed with `nil`.
  static let cases: [(field: String, value: BencodeValue?, error: String)] = [
    ("meta version", nil, "meta version: missing, but a file tree needs version 2"),
    ("meta version", 1, "meta version: 1, but a file tree needs version 2"),
    ("meta version", 3, "meta version: 3: only 1 and 2 are known"),
    ("meta version", -2, "meta version: -2: only 1 and 2 are known"),
    ("meta version", "2", "meta version: not an integer"),
    ("piece length", 8192, "piece length: 8192: version 2 needs a power of two of at least 16384"),
    ("piece length", 49152, "piece length: 49152: version 2 needs a power of two of at least 16384"),
    ("piece length", nil, "piece length: missing"),
    ("name", nil, "name: missing"),
    ("file tree", nil, "file tree: missing"),
    ("file tree", 1, "file tree: not a dictionary"),
    ("file tree", [:], "file tree: no file"),
    ("file tree", ["a": 1], "file tree/a: not a dictionary"),
    ("file tree", ["a": ["": 1]], "file tree/a: not a dictionary"),
    ("file tree", ["": leaf(5)], "file tree/: a file and a folder at once"),
    ("file tree", ["a": ["": [:], "b": leaf(1)]], "file tree/a: a file and a folder at once"),
    ("file tree", ["a": ["": [:]]], "file tree/a.length: missing"),
    ("file tree", ["a": leaf("5")], "file tree/a.length: not an integer"),
    ("file tree", ["a": leaf(-5)], "file tree/a.length: -5: not within 0 to 9007199254740992"),
    ("file tree", ["a": leaf(5, nil)], "file tree/a.pieces root: missing"),
    ("file tree", ["a": leaf(5, 1)], "file tree/a.pieces root: not a string"),
    (
      "file tree", ["a": leaf(5, .string([UInt8](repeating: 1, count: 31)))],
      "file tree/a.pieces root: 31 bytes instead of 32"
    ),
    (
      "file tree", ["a": leaf(5, .string(root(0)))],
      "file tree/a.pieces root: all zeros, which no content has"
    ),
    (
      "file tree", ["a": ["": ["attr": "p", "length": 5, "pieces root": .string(root(1))]]],
      "file tree/a.attr: a pad file, which version 2 has no use for"
    ),
    (
      "file tree", ["a": leaf(9_007_199_254_740_992), "b": leaf(1)],
      "file tree: more than 9007199254740992 bytes in all"
    ),
    ("pieces", Sample.hashes(1), "length: missing"),
    ("length", 5, "pieces: missing"),
    ("files", [], "pieces: missing"),
  ]

  @Test(
    "M01 a field of version 2 that matters is missing, mistyped, or at odds with another", arguments: cases)
  func field(field: String, value: BencodeValue?, error: String) {
    var info = Self.info
    info[field] = value
    check(Sample.bytes(info), error)
  }

  @Test("M01 piece layers that are mistyped, of the wrong length, or not those of a file")
  func pieceLayers() throws {
    var info = Self.info
    info["file tree"] = ["a": Self.leaf(20_000, .string(Self.layerRoot))]
    func bytes(_ layers: BencodeValue?) -> [UInt8] {
      var fields: [String: BencodeValue] = [:]
      fields["piece layers"] = layers
      return Sample.bytes(info, fields)
    }
    func layers(_ layer: BencodeValue) -> BencodeValue { .dictionary([Self.layerRoot: layer]) }
    check(bytes(1), "piece layers: not a dictionary")
    check(bytes(layers(1)), "piece layers: a: not a string")
    check(bytes(layers("")), "piece layers: a: 0 bytes, 64 needed for 2 pieces")
    check(
      bytes(layers(.string(Self.layer + Self.root(3)))), "piece layers: a: 96 bytes, 64 needed for 2 pieces")
    var wrong = Self.layer
    wrong[63] ^= 1
    check(bytes(layers(.string(wrong))), "piece layers: a: does not lead to the root of the file")

    check(
      bytes(.dictionary([Self.layerRoot: .string(Self.layer), Self.root(9): .string(Self.root(9))])),
      "piece layers: one that is no file's")

    let torrent = try Torrent(decoding: bytes(layers(.string(Self.layer))))
    #expect(torrent.info.merkle?.layer == Self.layer)
    #expect(torrent.info.merkle?.root(of: 0).map(Array.init) == Self.layerRoot)
  }

  @Test("A torrent that was made from a magnet link has no piece layers, and loads")
  func withoutLayers() throws {
    var info = Self.info
    info["file tree"] = [
      "a": Self.leaf(20_000, .string(Self.layerRoot)), "b": Self.leaf(5, .string(Self.root(2))),
    ]
    for fields in [[:], ["piece layers": [:]]] as [[String: BencodeValue]] {
      let torrent = try Torrent(decoding: Sample.bytes(info, fields))
      #expect(torrent.warnings == [.pieceLayers(files: 1)])
      let merkle = try #require(torrent.info.merkle)
      #expect(merkle.root(of: 0).map(Array.init) == Self.layerRoot)
      #expect(torrent.info.geometry.pieces.map { merkle.hash(of: $0).count } == [0, 0, 32])
      // What is not known is not written, and the rest is.
      let again = try BencodeDocument(torrent.encoded(infoBytes: torrent.info.encoded())).root
      #expect(again["piece layers"]?.count == 0)
      let edited = try TorrentEditor(Sample.bytes(info, fields)).applying([.comment("x")])
      #expect(edited.torrent.infoHashes == torrent.infoHashes)
    }
  }

  @Test("A few bytes don't ask for gigabytes")
  func unboundedLayers() throws {
    var info = Self.info
    for (length, isRead) in [(16_384 << 22, true), ((16_384 << 22) + 1, false), (16_384 << 31, false)] {
      info["file tree"] = ["a": Self.leaf(.integer(Int64(length)), .string(Self.layerRoot))]
      if isRead {
        let merkle = try #require(try Torrent(decoding: Sample.bytes(info)).info.merkle)
        #expect(merkle.layer.isEmpty && merkle.gaps == [0..<1 << 22])
      } else {
        let error = #expect(throws: MetainfoError.self) { _ = try Torrent(decoding: Sample.bytes(info)) }
        #expect(error?.description.hasPrefix("piece layers: missing for ") == true)
      }
    }
  }

  @Test("Digests are found beside those that are missing")
  func gaps() {
    let layer = (0..<5).flatMap { [UInt8](repeating: UInt8($0), count: 32) }
    let merkle = MerkleHashes(layer: layer, roots: [], gaps: [1..<3, 4..<6, 8..<9])
    let found = (0..<10).map { merkle.hash(of: PieceIndex(unchecked: $0)).first }
    #expect(found == [0, nil, nil, 1, nil, nil, 2, 3, nil, 4])
    #expect(merkle.layer(of: 6..<8).count == 64)
  }

  @Test("Version 2 is canonical or refused, as libtorrent has it; version 1 is read")
  func canonical() throws {
    let good = Sample.bytes(Self.info)
    let text = good.map { String(UnicodeScalar($0)) }.joined()
    for (old, new, flaw) in [
      ("i16384e", "i016384e", "number with a leading zero"),
      ("4:name", "04:name", "number with a leading zero"),
    ] {
      #expect(text.contains(old))
      let bytes = text.replacing(old, with: new).unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
      let error = #expect(throws: MetainfoError.self) { _ = try Torrent(decoding: bytes) }
      #expect(error?.description.contains("version 2 must be canonical: \(flaw)") == true)
    }
    let single = Sample.bytes(Sample.single).map { String(UnicodeScalar($0)) }.joined()
    let lax = single.replacing("i16384e", with: "i016384e").unicodeScalars.map {
      UInt8(truncatingIfNeeded: $0.value)
    }
    #expect(try Torrent(decoding: lax).info.geometry.pieceLength == 16384)
  }

  @Test("Files of version 2 start at pieces, with pad files that the torrent doesn't have between them")
  func alignment() throws {
    var info = Self.info
    info["file tree"] = [
      "a": ["b.txt": Self.leaf(5)], "c": Self.leaf(0, nil), "d": Self.leaf(16384, .string(Self.root(2))),
      "e": Self.leaf(1, .string(Self.root(3))),
    ]
    let torrent = try Torrent(decoding: Sample.bytes(info))
    #expect(torrent.info.format == .v2)
    #expect(torrent.infoHashes.v1 == nil)
    #expect(torrent.infoHash == torrent.infoHashes.v2?.truncated)
    #expect(torrent.paths == [["a", "b.txt"], [".pad", "16379"], ["c"], ["d"], ["e"]])
    #expect(torrent.info.files.map(\.offset) == [0, 5, 16384, 16384, 32768])
    #expect(torrent.info.files.map(\.isPadding) == [false, true, false, false, false])
    #expect(torrent.info.geometry.pieceCount == 3)
    #expect(torrent.info.contentLength == 16390)
    let merkle = try #require(torrent.info.merkle)
    #expect(merkle.layer == Self.root(1) + Self.root(2) + Self.root(3))
    #expect(torrent.info.files.indices.map { merkle.root(of: $0)?.first } == [1, nil, nil, 2, 3])
  }

  @Test("One file of the torrent's own name at the top is a single-file torrent")
  func singleFile() throws {
    var info = Self.info
    info["file tree"] = ["folder": Self.leaf(5)]
    #expect(try Torrent(decoding: Sample.bytes(info)).info.isSingleFile)
    info["file tree"] = ["other": Self.leaf(5)]
    #expect(try !Torrent(decoding: Sample.bytes(info)).info.isSingleFile)
    info["file tree"] = ["folder": ["folder": Self.leaf(5)]]
    #expect(try !Torrent(decoding: Sample.bytes(info)).info.isSingleFile)
  }

  @Test("A file tree out of order is refused, since pieces are counted in its order")
  func order() {
    let leaf = "d0:d6:lengthi0eee"
    let info = "d9:file treed1:b\(leaf)1:a\(leaf)e12:meta versioni2e4:name1:n12:piece lengthi16384ee"
    check(Array("d4:info\(info)e".utf8), "version 2 must be canonical: unsorted dictionary keys at byte 40")
  }

  @Test("M05 M08 names of a file tree are made safe, and unique")
  func names() throws {
    var info = Self.info
    info["file tree"] = .dictionary([
      [0xff]: Self.leaf(1), Array("%FF".utf8): Self.leaf(2), Array("a\0b".utf8): Self.leaf(3),
    ])
    let torrent = try Torrent(decoding: Sample.bytes(info))
    let names = torrent.info.files.filter { !$0.isPadding }.map(\.path.description)
    #expect(names == ["%FF", "a_b", "%FF (2)"])
    #expect(torrent.warnings.count == 3)
  }

  /// A hybrid of the files of `info` above, before what a test changes.
  static func hybrid(
    _ files: [(path: [String], length: Int, padding: Bool)], pieces: Int = 2
  ) -> [String: BencodeValue] {
    var info = Self.info
    info["pieces"] = Sample.hashes(pieces)
    info["files"] = .list(
      files.map { file in
        var fields: [String: BencodeValue] = [
          "length": .integer(Int64(file.length)), "path": .list(file.path.map(BencodeValue.text)),
        ]
        if file.padding { fields["attr"] = "p" }
        return Sample.value(fields)
      })
    return info
  }

  @Test("A hybrid whose versions agree has both info-hashes")
  func agreement() throws {
    let info = Self.hybrid([
      (["a", "b.txt"], 5, false), ([".pad", "16379"], 16379, true), (["c.txt"], 7, false),
    ])
    let torrent = try Torrent(decoding: Sample.bytes(info))
    #expect(torrent.info.format == .hybrid)
    #expect(torrent.infoHashes.v1 == torrent.infoHash)
    #expect(torrent.infoHashes.v2 != nil)
  }

  @Test(
    "M01 a hybrid whose versions disagree is refused",
    arguments: [
      (
        [(["a", "b.txt"], 5, false), (["c.txt"], 7, false)], 1,
        "c.txt starts within a piece in version 1, and at one in version 2"
      ),
      (
        [(["a", "b.txt"], 6, false), ([".pad", "x"], 16378, true), (["c.txt"], 7, false)], 2,
        "a/b.txt has 6 bytes in version 1 and 5 in version 2"
      ),
      (
        [(["a", "B.txt"], 5, false), ([".pad", "x"], 16379, true), (["c.txt"], 7, false)], 2,
        "a/B.txt in version 1 is a/b.txt in version 2"
      ),
      ([(["a", "b.txt"], 5, false)], 1, "1 in version 1, 2 in version 2"),
      (
        [
          (["a", "b.txt"], 5, false), ([".pad", "x"], 16379, true), (["c.txt"], 7, false),
          ([".pad", "x"], 16377, true), (["d.txt"], 7, false),
        ], 3, "3 in version 1, 2 in version 2"
      ),
      (
        [(["c.txt"], 7, false), ([".pad", "x"], 16377, true), (["a", "b.txt"], 5, false)], 2,
        "c.txt has 7 bytes in version 1 and 5 in version 2"
      ),
      (
        [(["a", "b.txt"], 5, false), ([".pad", "x"], 16379 + 16384, true), (["c.txt"], 7, false)], 3,
        "c.txt starts at piece 2 in version 1 and 1 in version 2"
      ),
      (
        [
          (["a", "b.txt"], 5, false), ([".pad", "x"], 16379, true), (["c.txt"], 7, false),
          ([".pad", "x"], 16377, true), ([".pad", "x"], 1, true),
        ], 3, "3 pieces in version 1 and 2 in version 2"
      ),
    ] as [([([String], Int, Bool)], Int, String)])
  func disagreement(files: [([String], Int, Bool)], pieces: Int, error: String) {
    let info = Self.hybrid(files.map { (path: $0.0, length: $0.1, padding: $0.2) }, pieces: pieces)
    check(Sample.bytes(info), "files: the two versions disagree: " + error)
  }

  private func check(_ bytes: [UInt8], _ message: String) {
    do throws(MetainfoError) {
      _ = try Torrent(decoding: bytes)
      Issue.record("accepted: expected \(message)")
    } catch {
      #expect(error.description == message)
    }
  }
}
