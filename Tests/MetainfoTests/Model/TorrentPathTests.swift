import Bencode
import Metainfo
import Testing

@Suite struct TorrentPathTests {
  static let long = String(repeating: "x", count: 300)

  /// What the components of a path become, or why there is no such path.
  static let policy: [(raw: [[UInt8]], outcome: Result<[String], TorrentPath.Refusal>)] = [
    (text("a", "b.txt"), .success(["a", "b.txt"])),
    (text(".."), .success(["_"])),
    (text("a", "..", "..", "x"), .success(["a", "_", "_", "x"])),
    (text("../x"), .success([".._x"])),
    (text("/etc/x"), .success(["_etc_x"])),
    (text("", "etc", "x"), .success(["etc", "x"])),
    (text("a/../../x"), .success(["a_.._.._x"])),
    (text("a\\..\\b"), .success(["a\\..\\b"])),
    (text("..\\b"), .success(["..\\b"])),
    (text("C:\\x"), .success(["C:\\x"])),
    (text("~"), .success(["~"])),
    (text("~root", ".ssh"), .success(["~root", ".ssh"])),
    (text("a\0b"), .success(["a_b"])),
    (text("..\0"), .success([".._"])),
    (text(""), .success(["_"])),
    (text("."), .success(["_"])),
    (text(".", ""), .success(["_"])),
    (text("/"), .success(["_"])),
    (text("\0\0"), .success(["__"])),
    ([], .failure(.empty)),
    (text("a", ".", "b"), .success(["a", "b"])),
    (text("..."), .success(["..."])),
    (text("a "), .success(["a "])),
    (text("\u{1B}[2J"), .success(["\u{1B}[2J"])),
    (text(long), .success([String(repeating: "x", count: 246) + "~02fd6825"])),
    (text(long + ".tar"), .success([String(repeating: "x", count: 242) + "~0e6b8efd.tar"])),
    ([Array("caf".utf8) + [0xE9]], .success(["caf%E9"])),
    ([[0xFF, 0xFE]], .success(["%FF%FE"])),
    // A code point that stands for another byte on disk.
    (text("\u{10FF80}"), .success(["%F4%8F%BE%80"])),
    (text("\u{10FF7F}"), .success(["\u{10FF7F}"])),
    // Overlong forms of "/" and ".": never decoded.
    ([[0xC0, 0xAF, 0xC0, 0xAE]], .success(["%C0%AF%C0%AE"])),
    (Array(repeating: [97], count: 100), .success(Array(repeating: "a", count: 100))),
    (Array(repeating: [97], count: 40_000), .failure(.tooDeep)),
  ]

  static func text(_ components: String...) -> [[UInt8]] { components.map { Array($0.utf8) } }

  @Test("M05 no path leads out of the torrent's folder", arguments: policy)
  func sanitizing(raw: [[UInt8]], outcome: Result<[String], TorrentPath.Refusal>) {
    let result = Result { () throws(TorrentPath.Refusal) in try TorrentPath(sanitizing: raw.map { $0[...] }) }
    #expect(result.map(\.components) == outcome)
    guard case .success(let path) = result else { return }
    // Safe by the rule that every other way in is checked by, and made safe only once.
    #expect(TorrentPath(path.components) == path)
    let again = Result { () throws(TorrentPath.Refusal) in
      try TorrentPath(sanitizing: path.components.map { Array($0.utf8)[...] })
    }
    #expect(again == .success(path))
  }

  @Test("M05 the policy holds in a torrent, as a path and as a name", arguments: policy)
  func torrents(raw: [[UInt8]], outcome: Result<[String], TorrentPath.Refusal>) throws {
    var info = Sample.files([])
    info["files"] = [["length": 1, "path": .list(raw.map(BencodeValue.string))]]
    let torrent = try? Torrent(decoding: Sample.bytes(info))
    #expect(torrent?.paths.first == (try? outcome.get()))
    if let torrent, torrent.paths[0].map({ Array($0.utf8) }) != raw {
      #expect(torrent.warnings.count == 1)
    }
    guard raw.count == 1 else { return }
    var single = Sample.single
    single["name"] = .string(raw[0])
    let name = (try? Torrent(decoding: Sample.bytes(single)))?.info.name.components
    if Self.nothing.contains(raw[0]) { #expect(name == nil) } else { #expect(name == (try? outcome.get())) }
  }

  /// Names of which nothing is left.
  static let nothing: [[UInt8]] = text("", ".", "..", "/", "\0\0", "//\0")

  @Test("A name of which nothing is left is refused", arguments: nothing)
  func names(nothing name: [UInt8]) {
    var info = Sample.files([["a"]])
    for twin in [false, true] {
      info["name.utf-8"] = twin ? .string(name) : nil
      info["name"] = .string(name)
      #expect(throws: MetainfoError(.malformed, field: "name", "names nothing")) {
        _ = try Torrent(decoding: Sample.bytes(info))
      }
    }
    // The twin is of no use, and the name is.
    info["name"] = "folder"
    #expect(throws: Never.self) { _ = try Torrent(decoding: Sample.bytes(info)) }
  }

  @Test(
    "What is unsafe can't be made into a path",
    arguments: [
      [], [""], ["."], [".."], ["a", ".."], ["a/b"], ["a\0"], [long], Array(repeating: "a", count: 101),
    ])
  func unsafe(components: [String]) { #expect(TorrentPath(components) == nil) }

  @Test("Paths are equal when their bytes are")
  func equality() throws {
    let composed = try #require(TorrentPath(["\u{E9}"]))
    let decomposed = try #require(TorrentPath(["e\u{301}"]))
    #expect(composed != decomposed)
    #expect(Set([composed, decomposed, composed]).count == 2)
  }

  @Test(
    "Files that want the same path get their own",
    arguments: [
      ([["a"], ["a"], ["a"]], [["a"], ["a (2)"], ["a (3)"]]),
      ([["x.tar"], ["x.tar"]], [["x.tar"], ["x (2).tar"]]),
      ([["a"], ["a", "b"]], [["a (2)"], ["a", "b"]]),
      ([["a", "b"], ["a"], ["a (2)"]], [["a", "b"], ["a (3)"], ["a (2)"]]),
      ([["d", "a"], ["a"], ["d", "a"]], [["d", "a"], ["a"], ["d", "a (2)"]]),
      ([["a"], ["a", "b", "c"], ["a", "b"]], [["a (2)"], ["a", "b", "c"], ["a", "b (2)"]]),
      ([["A"], ["a"]], [["A"], ["a"]]),
      ([["a"], [".", "a"]], [["a"], ["a (2)"]]),
    ] as [([[String]], [[String]])])
  func collisions(paths: [[String]], expected: [[String]]) throws {
    let bytes = Sample.bytes(Sample.files(paths))
    let torrent = try Torrent(decoding: bytes)
    #expect(torrent.paths == expected)
    // Stable: the same bytes again give the same names.
    #expect(try Torrent(decoding: bytes).paths == expected)
    #expect(!torrent.warnings.isEmpty == (paths != expected))
  }

  @Test("Pad files may share a name: they are never on disk")
  func padding() throws {
    var info = Sample.files([])
    let pad: BencodeValue = ["attr": "p", "length": 1, "path": [".pad", "1"]]
    info["files"] = [["length": 1, "path": ["a"]], pad, ["length": 1, "path": ["b"]], pad]
    let torrent = try Torrent(decoding: Sample.bytes(info))
    #expect(torrent.paths == [["a"], [".pad", "1"], ["b"], [".pad", "1"]])
    #expect(torrent.warnings.isEmpty)
  }

  @Test("M07 a symbolic link is left out, with a warning")
  func symbolicLink() throws {
    var info = Sample.files([])
    info["files"] = [
      ["attr": "l", "length": 0, "path": ["link"], "symlink path": ["..", "..", "etc"]],
      ["length": 1, "path": ["link", "a"]],
    ]
    let torrent = try Torrent(decoding: Sample.bytes(info))
    #expect(torrent.paths == [["link", "a"]])
    #expect(torrent.warnings == [.symbolicLink(field: "files[0]")])
  }

  @Test("Names in a local encoding give way to their UTF-8 twins")
  func localEncoding() throws {
    var info = Sample.files([])
    info["name"] = .string([0xC4])
    info["name.utf-8"] = "Ä"
    info["files"] = [["length": 1, "path": [.string([0xD6])], "path.utf-8": ["Ö"]]]
    let torrent = try Torrent(decoding: Sample.bytes(info))
    #expect(torrent.info.name.components == ["Ä"])
    #expect(torrent.paths == [["Ö"]])
  }

  /// A file's name in ASCII is what an old program has made of it; and what is no list of names is of no use.
  @Test(
    "The UTF-8 twin of a path counts wherever it can be used",
    arguments: [
      (["????.txt"], ["файл.txt"], ["файл.txt"]), (["x"], ["y", "z"], ["y", "z"]),
      (["x"], .list([.string([0x79, 0xFF])]), ["x"]), (["x"], [], ["x"]), (["x"], "s", ["x"]),
      (["x"], ["a", 4], ["x"]), (nil, ["a"], ["a"]), ([""], ["a"], ["a"]), (["x"], ["..", "a"], ["_", "a"]),
    ] as [(BencodeValue?, BencodeValue, [String])])
  func twins(own: BencodeValue?, twin: BencodeValue, expected: [String]) throws {
    var info = Sample.files([])
    for isPlain in [true, false] {
      // One more key out of order takes the long way to the same path.
      var file: [String: BencodeValue] = ["length": 1, "path.utf-8": twin]
      file["path"] = own
      if !isPlain { file["attr"] = .string([]) }
      info["files"] = [Sample.value(file), ["length": 0, "path": ["other"]]]
      let torrent = try Torrent(decoding: Sample.bytes(info))
      #expect(torrent.paths == [expected, ["other"]])
      #expect(!torrent.extraKeys.contains { $0.contains("utf-8") })
    }
  }

  @Test("The UTF-8 twin of the name counts wherever it can be used, and those of texts")
  func nameTwin() throws {
    var info = Sample.single
    info["name"] = "Gr__e.txt"
    for (twin, expected) in [("Größe.txt", "Größe.txt"), ("", "Gr__e.txt"), ("..", "Gr__e.txt")] {
      info["name.utf-8"] = .text(twin)
      #expect(try Torrent(decoding: Sample.bytes(info)).info.name.name == expected)
    }
    info["name.utf-8"] = 4
    #expect(try Torrent(decoding: Sample.bytes(info)).info.name.name == "Gr__e.txt")
    info["name.utf-8"] = "a"
    info["name"] = nil
    #expect(try Torrent(decoding: Sample.bytes(info)).info.name.name == "a")
    let fields: [String: BencodeValue] = [
      "comment": .string([0xE9]), "comment.utf-8": "é", "created by": "x",
      "created by.utf-8": .string([0xE9]),
    ]
    let torrent = try Torrent(decoding: Sample.bytes(info, fields))
    #expect(torrent.comment == "é" && torrent.createdBy == "x" && torrent.extraKeys.isEmpty)
  }

  @Test("What BEP 47 lets be left out may be missing: the path of a pad file, the length of a link")
  func leftOut() throws {
    var info = Sample.files([])
    info["files"] = [
      ["length": 1, "path": ["a"]], ["attr": "p", "length": 3],
      ["attr": "l", "path": ["link"], "symlink path": ["a"]], ["length": 1, "path": ["b"]],
    ]
    let torrent = try Torrent(decoding: Sample.bytes(info))
    #expect(torrent.paths == [["a"], [".pad", "3"], ["b"]])
    #expect(torrent.info.files.map(\.isPadding) == [false, true, false])
    #expect(torrent.warnings == [.symbolicLink(field: "files[2]")])
  }

  @Test("What BitComet writes for an empty folder is no file")
  func emptyFolders() throws {
    var info = Sample.files([])
    info["files"] = [
      ["length": 0, "path": ["dir", ""]], ["length": 1, "path": ["dir", "x"]],
      ["length": 0, "path": ["only", ""]],
    ]
    let torrent = try Torrent(decoding: Sample.bytes(info))
    #expect(torrent.paths == [["dir", "x"]])
    #expect(torrent.warnings.count == 2)
  }

  @Test("Files beside a length are files")
  func filesAndLength() throws {
    var info = Sample.files([["a"]])
    info["length"] = 7
    let torrent = try Torrent(decoding: Sample.bytes(info))
    #expect(torrent.paths == [["a"]] && !torrent.info.isSingleFile)
    #expect(torrent.warnings == [.ignored(field: "info.length", reason: "given beside files")])
  }

  @Test(
    "Private is every number but 0, as libtorrent and Transmission take it",
    arguments: [(0, false), (1, true), (2, true), (-1, true), ("1", false), (["1"], false)]
      as [(BencodeValue, Bool)])
  func isPrivate(value: BencodeValue, expected: Bool) throws {
    var info = Sample.single
    info["private"] = value
    let torrent = try Torrent(decoding: Sample.bytes(info))
    #expect(torrent.info.isPrivate == expected)
    if case .integer = value {
      #expect(torrent.warnings.isEmpty)
    } else {
      #expect(torrent.warnings == [.ignored(field: "info.private", reason: "not an integer")])
    }
    info["private"] = nil
    info["source"] = 5
    #expect(
      try Torrent(decoding: Sample.bytes(info)).warnings
        == [.ignored(field: "info.source", reason: "not a string")])
  }

  @Test("A torrent of empty files loads")
  func empty() throws {
    var info = Sample.files([])
    info["files"] = [["length": 0, "path": ["a"]]]
    info["pieces"] = .string([])
    #expect(try Torrent(decoding: Sample.bytes(info)).info.contentLength == 0)
  }

  @Test("M10 100,000 files, and more of one path than anybody has")
  func many() throws {
    func torrent(_ count: Int, equal: Bool) throws -> Torrent {
      let files = (0..<count).map { number in
        let name = equal ? "same" : "f\(number)"
        return "d6:lengthi1e4:pathl2:in\(name.utf8.count):\(name)ee"
      }
      let tail = "4:name1:x12:piece lengthi100000e6:pieces20:" + String(repeating: "h", count: 20)
      return try Torrent(decoding: Array("d4:infod5:filesl\(files.joined())e\(tail)ee".utf8))
    }
    #expect(try Set(torrent(100_000, equal: false).info.files.map(\.path)).count == 100_000)
    #expect(try Set(torrent(100, equal: true).info.files.map(\.path)).count == 100)
    #expect(
      throws: MetainfoError(.malformed, field: "files", "in/same: more than 100 files of this path")
    ) { _ = try torrent(118, equal: true) }
  }
}
