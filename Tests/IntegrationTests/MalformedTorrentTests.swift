import Bencode
import Foundation
import TestKit
import Testing

/// Group M of the reliability catalogue through the command, as far as it is about reading: every torrent once as a
/// file and once as standard input. What each field can have wrong is tested one by one beside the decoder.
@Suite("Malformed torrents", .timeLimit(.minutes(5)))
struct MalformedTorrentTests {
  let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder("malformed-torrents") }

  private typealias Fields = [String: BencodeValue]

  private static func dictionary(_ fields: Fields) -> BencodeValue {
    .dictionary(Dictionary(uniqueKeysWithValues: fields.map { (Array($0.utf8), $1) }))
  }

  private static func hashes(_ count: Int) -> BencodeValue {
    .string([UInt8](repeating: 65, count: 20 * count))
  }

  /// A torrent of files with these paths, of a byte each.
  private static func files(_ paths: [[BencodeValue]]) -> Fields {
    [
      "name": "folder", "piece length": 16384, "pieces": hashes(1),
      "files": .list(paths.map { ["length": 1, "path": .list($0)] }),
    ]
  }

  private static let single: Fields = [
    "name": "file", "length": 100_000, "piece length": 16384, "pieces": hashes(7),
  ]

  private static let leaf: BencodeValue = [
    "": ["length": 5, "pieces root": .string([UInt8](repeating: 1, count: 32))]
  ]
  private static let version2: Fields = [
    "name": "folder", "piece length": 16384, "meta version": 2, "file tree": ["a": leaf],
  ]

  private static func changed(_ info: Fields, _ key: String, _ value: BencodeValue?) -> Fields {
    var info = info
    info[key] = value
    return info
  }

  private static func torrent(_ info: Fields, _ outer: Fields = [:]) -> [UInt8] {
    dictionary(outer.merging(["info": dictionary(info)]) { $1 }).encoded()
  }

  /// Runs a command on torrents that must be refused, each for its reason.
  private func expectRefusals(
    _ cases: [(torrent: [UInt8], reason: String)], by commands: [String] = ["show"]
  ) async throws {
    let batch = try InputBatch(cases.map(\.torrent), in: scratch)
    for command in commands {
      for answer in try await batch.run(command) { answer.expectError(cases[answer.index].reason) }
    }
  }

  @Test("M01 M03 M04 what is missing, mistyped or at odds is refused by every command that reads")
  func fields() async throws {
    let info = Self.single
    var cases: [(torrent: [UInt8], reason: String)] = []
    for (key, value, reason) in [
      ("name", nil, "name: missing"), ("piece length", nil, "piece length: missing"),
      ("piece length", 0, "piece length: 0: not within 1 to 1073741824"),
      ("pieces", nil, "pieces: missing"), ("pieces", Self.hashes(6), "pieces: 6 hashes, 7 pieces needed"),
      ("pieces", .string([UInt8](repeating: 1, count: 119)), "pieces: 119 bytes, not a multiple of 20"),
      ("length", nil, "length: missing"), ("length", -1, "length: -1: not within 0"),
      ("length", .integer(.max), "length: 9223372036854775807: not within 0"),
      ("files", [], "files: no file"),
      ("meta version", 3, "meta version: 3: only 1 and 2 are known"),
      ("meta version", 2, "file tree: missing"),
    ] as [(String, BencodeValue?, String)] {
      cases.append((Self.torrent(Self.changed(info, key, value)), reason))
    }
    for (key, value, reason) in [
      ("file tree", [:], "file tree: no file"), ("length", 5, "pieces: missing"),
      ("piece length", 20000, "piece length: 20000: version 2 needs a power of two"),
      ("file tree", ["a": ["": ["length": 5]]], "file tree/a.pieces root: missing"),
    ] as [(String, BencodeValue?, String)] {
      cases.append((Self.torrent(Self.changed(Self.version2, key, value)), reason))
    }
    var hybrid = Self.version2
    hybrid["pieces"] = Self.hashes(1)
    hybrid["files"] = [["length": 6, "path": ["a"]]]
    cases.append((Self.torrent(hybrid), "files: the two versions disagree: a has 6 bytes in version 1 and 5"))
    cases.append((Array("d8:announce3:urle".utf8), "info: missing"))
    try await expectRefusals(cases, by: ["show", "magnet", "edit --comment x"])
  }

  @Test("M05 M07 a path leads nowhere else, and a symbolic link is left out")
  func paths() async throws {
    try await expectRefusals([
      (Self.torrent(Self.files([[]])), "files[0].path: names nothing"),
      (
        Self.torrent(Self.files([Array(repeating: "d", count: 40_000)])),
        "files[0].path: more than 100 levels"
      ),
      (Self.torrent(Self.changed(Self.single, "name", "..")), "name: names nothing"),
    ])
    let kept: [(path: [BencodeValue], shown: String)] = [
      (["/etc/x"], "folder/_etc_x"), (["a\\..\\b"], "folder/a\\..\\b"), (["C:\\x"], "folder/C:\\x"),
      (["~"], "folder/~"), (["a\0b"], "folder/a_b"),
      ([.string([0x66, 0xff])], "folder/f%FF"), (["..", "x"], "folder/_/x"),
      (["a", "..", "..", "x"], "folder/a/_/_/x"), ([""], "folder/_"), (["."], "folder/_"),
    ]
    let batch = try InputBatch(kept.map { Self.torrent(Self.files([$0.path])) }, in: scratch)
    for answer in try await batch.run("show --files") {
      #expect(answer.code == 0 && answer.output == "1\t\(kept[answer.index].shown)\n", "\(answer)")
    }
    var linked = Self.files([["a"]])
    linked["files"] = [
      ["length": 1, "path": ["a"]],
      ["length": 0, "attr": "l", "path": ["out"], "symlink path": ["..", "..", "etc", "passwd"]],
    ]
    for answer in try await InputBatch([Self.torrent(linked)], in: scratch).run("show") {
      #expect(answer.code == 0 && answer.output.contains("files[1]: symbolic link left out"), "\(answer)")
      #expect(!answer.output.contains("passwd"), "\(answer)")
    }
  }

  @Test("M06 M08 names that trouble others are listed, and none reaches the terminal raw")
  func names() async throws {
    let torrent = Self.torrent(
      Self.files([
        ["CON"], ["a."], ["A"], ["a"], [.text("caf\u{e9}")], [.text("cafe\u{301}")], [.text("x\u{1b}[2J\r")],
        [.text("y\u{202e}gpj")], [.string([0xc3, 0x28])],
      ]))
    let batch = try InputBatch([torrent], in: scratch)
    for answer in try await batch.run("show") {
      for name in ["windows-name", "case-collision", "normalization-collision", "bidi-character"] {
        #expect(answer.output.contains("[\(name)]"), "\(answer): \(name)")
      }
      #expect(!answer.output.unicodeScalars.contains { $0 == "\u{1b}" || $0 == "\r" || $0 == "\u{202e}" })
    }
    for answer in try await batch.run("show --json") {
      let json = try JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [String: Any]
      #expect((json?["files"] as? [Any])?.count == 9, "\(answer)")
    }
  }

  @Test("M09 numbers of any size do no harm")
  func numbers() async throws {
    var random = SeededGenerator(seed: 9)
    var torrents: [[UInt8]] = []
    for number in 0..<60 {
      let value = BencodeValue.integer(Int64.random(in: .min ... .max, using: &random) >> (number % 60))
      for key in ["piece length", "length"] {
        torrents.append(Self.torrent(Self.changed(Self.single, key, value)))
      }
      torrents.append(Self.torrent(Self.single, ["creation date": value, "nodes": [["h", value]]]))
    }
    for answer in try await InputBatch(torrents, in: scratch).run("show") {
      #expect(answer.code == 0 || answer.code == 3, "\(answer), seed 9")
    }
  }

  @Test("M10 a hundred thousand files, equal names among them, take less than two seconds")
  func many() async throws {
    func torrent(_ path: (Int) -> [BencodeValue]) -> [UInt8] {
      var info = Self.files((0..<100_000).map(path))
      info["pieces"] = Self.hashes(7)
      return Self.torrent(info)
    }
    let torrents = [
      torrent { [.text("d\($0 / 100)"), .text("f\($0)")] }, torrent { [.text("same\($0 / 100)")] },
    ]
    for answer in try await InputBatch(torrents, in: scratch).run("show --files") {
      #expect(answer.code == 0 && answer.seconds < 2, "\(answer): \(answer.seconds) s")
      let lines = answer.output.split(separator: "\n")
      #expect(lines.count == 100_000 && Set(lines).count == 100_000)
    }
  }

  @Test("M11 trackers of any form are told of, without their passwords")
  func trackers() async throws {
    let urls = [
      "file:///etc/passwd", "http://user:secret@host/announce", "http://[::1]:6969/announce",
      "\thttp://tab/announce", "udp://h:99999", "wss://h/",
      "http://h/" + String(repeating: "a", count: 100_000),
    ]
    let torrent = Self.torrent(Self.single, ["announce-list": .list(urls.map { [.text($0)] })])
    for answer in try await InputBatch([torrent], in: scratch).run("show") {
      #expect(answer.code == 0 && answer.output.contains("[tracker-url]"), "\(answer)")
      #expect(answer.output.contains("[tracker-password]") && !answer.output.contains("secret"), "\(answer)")
      #expect(answer.output.contains("http://[::1]:6969/announce"), "\(answer)")
    }
  }
}
