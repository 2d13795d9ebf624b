import Bencode
import Metainfo
import Testing

@Suite struct TorrentPathTests {
  static let long = String(repeating: "x", count: 300)

  /// What the components of a path become, or why there is no such path.
  static let policy: [(raw: [[UInt8]], outcome: Result<[String], TorrentPath.Refusal>)] = [
    (text("a", "b.txt"), .success(["a", "b.txt"])),
    (text(".."), .failure(.parentDirectory)),
    (text("a", "..", "..", "x"), .failure(.parentDirectory)),
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
    (text(""), .failure(.empty)),
    (text("."), .failure(.empty)),
    (text(".", ""), .failure(.empty)),
    ([], .failure(.empty)),
    (text("a", ".", "b"), .success(["a", "b"])),
    (text("..."), .success(["..."])),
    (text("a "), .success(["a "])),
    (text("\u{1B}[2J"), .success(["\u{1B}[2J"])),
    (text(long), .success([String(repeating: "x", count: 246) + "~02fd6825"])),
    (text(long + ".tar"), .success([String(repeating: "x", count: 242) + "~0e6b8efd.tar"])),
    ([Array("caf".utf8) + [0xE9]], .success(["caf%E9"])),
    ([[0xFF, 0xFE]], .success(["%FF%FE"])),
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
    #expect((try? Torrent(decoding: Sample.bytes(single)))?.info.name.components == (try? outcome.get()))
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
    info["path.utf-8"] = nil
    info["name.utf-8"] = ".."
    #expect(throws: MetainfoError.self) { _ = try Torrent(decoding: Sample.bytes(info)) }
  }

  @Test("M10 100,000 files, and 100,000 of one name")
  func many() throws {
    for equal in [false, true] {
      let files = (0..<100_000).map { number in
        let name = equal ? "same" : "f\(number)"
        return "d6:lengthi1e4:pathl2:in\(name.utf8.count):\(name)ee"
      }
      let tail = "4:name1:x12:piece lengthi100000e6:pieces20:" + String(repeating: "h", count: 20)
      let torrent = try Torrent(decoding: Array("d4:infod5:filesl\(files.joined())e\(tail)ee".utf8))
      #expect(Set(torrent.info.files.map(\.path)).count == 100_000)
      #expect(torrent.warnings.count <= MetainfoWarning.maximumCount)
    }
  }
}
