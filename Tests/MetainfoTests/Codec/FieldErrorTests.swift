import Bencode
import Metainfo
import Testing

@Suite struct FieldErrorTests {
  /// What becomes of the sample's info dictionary when one field is replaced, or removed with `nil`.
  static let single: [(field: String, value: BencodeValue?, error: String)] = [
    ("name", nil, "name: missing"),
    ("name", 1, "name: not a string"),
    ("name", "", "name: names nothing"),
    ("name", ".", "name: names nothing"),
    ("name", "..", "name: names nothing"),
    ("piece length", nil, "piece length: missing"),
    ("piece length", "16384", "piece length: not an integer"),
    ("piece length", 0, "piece length: 0: not within 1 to 1073741824"),
    ("piece length", -16384, "piece length: -16384: not within 1 to 1073741824"),
    ("piece length", 1_073_741_825, "piece length: 1073741825: not within 1 to 1073741824"),
    ("piece length", .integer(.max), "piece length: 9223372036854775807: not within 1 to 1073741824"),
    ("piece length", .integer(.min), "piece length: -9223372036854775808: not within 1 to 1073741824"),
    ("piece length", 32768, "pieces: 7 hashes, 4 pieces needed"),
    ("pieces", nil, "pieces: missing"),
    ("pieces", 140, "pieces: not a string"),
    ("pieces", "", "pieces: 0 hashes, 7 pieces needed"),
    ("pieces", .string([UInt8](repeating: 1, count: 119)), "pieces: 119 bytes, not a multiple of 20"),
    ("pieces", Sample.hashes(6), "pieces: 6 hashes, 7 pieces needed"),
    ("pieces", Sample.hashes(8), "pieces: 8 hashes, 7 pieces needed"),
    ("length", nil, "length: missing"),
    ("length", "100000", "length: not an integer"),
    ("length", -1, "length: -1: not within 0 to 9007199254740992"),
    ("length", 0, "pieces: 7 hashes, 0 pieces needed"),
    ("length", 98304, "pieces: 7 hashes, 6 pieces needed"),
    ("length", .integer(.max), "length: 9223372036854775807: not within 0 to 9007199254740992"),
    (
      "length", 9_007_199_254_740_992,
      "piece length: 9007199254740992 bytes in pieces of 16384: more than 2147483648 pieces"
    ),
    ("files", 1, "files: not a list"),
  ]

  /// What becomes of a list of files.
  static let lists: [(files: BencodeValue, error: String)] = [
    ([], "files: no file"),
    (["a"], "files[0]: not a dictionary"),
    ([["path": ["a"]]], "files[0].length: missing"),
    ([["length": "1", "path": ["a"]]], "files[0].length: not an integer"),
    ([["length": -1, "path": ["a"]]], "files[0].length: -1: not within 0 to 9007199254740992"),
    ([["length": 1, "path": ["a"]], ["length": 1]], "files[1].path: missing"),
    ([["length": 1, "path": "a"]], "files[0].path: not a list"),
    ([["length": 1, "path": []]], "files[0].path: names nothing"),
    ([["length": 1, "path": [1]]], "files[0].path: not a list of strings"),
    ([["length": 20_000, "path": ["a"]]], "pieces: 1 hashes, 2 pieces needed"),
    (
      [["length": 9_007_199_254_740_992, "path": ["a"]], ["length": 1, "path": ["b"]]],
      "files: more than 9007199254740992 bytes in all"
    ),
    (
      .list((0..<3000).map { ["length": 9_000_000_000_000_000, "path": [.text("\($0)")]] }),
      "files: more than 9007199254740992 bytes in all"
    ),
  ]

  @Test("M01 M04 a field that matters is missing, mistyped, or at odds with another", arguments: single)
  func field(field: String, value: BencodeValue?, error: String) throws {
    var info = Sample.single
    info[field] = value
    check(Sample.bytes(info), error)
  }

  @Test("M01 a list of files that can't be", arguments: lists)
  func files(files: BencodeValue, error: String) throws {
    var info = Sample.files([])
    info["files"] = files
    check(Sample.bytes(info), error)
  }

  @Test(
    "M01 what is no torrent at all",
    arguments: [
      ("", "not a torrent: unexpected end at byte 0"),
      ("<html>", "not a torrent: expected a value at byte 0"),
      ("i1e", "not a torrent: not a dictionary"),
      ("de", "info: missing"),
      ("d4:infoi1ee", "info: not a dictionary"),
      ("d4:infode4:infodee", "info: occurs twice"),
      ("d4:infodee", "name: missing"),
      ("d4:infod6:lengthi99999999999999999999e4:name1:aee", "piece length: missing"),
      (
        "d4:infod6:lengthi99999999999999999999e4:name1:a12:piece lengthi1e6:pieces0:ee",
        "length: 99999999999999999999: out of range"
      ),
    ])
  func notATorrent(text: String, error: String) { check(Array(text.utf8), error) }

  @Test("M03 version 2 with a version 1 length and no pieces")
  func missingPieces() {
    var info = Sample.single
    info["pieces"] = nil
    info["meta version"] = 2
    check(Sample.bytes(info), "pieces: missing")
    info["file tree"] = [:]
    check(Sample.bytes(info), "pieces: missing")
  }

  @Test("M04 a field given twice is refused, wherever the second one stands")
  func duplicates() throws {
    let hash = String(repeating: "h", count: 20)
    let head = "d6:lengthi1e4:name1:a12:piece lengthi16384e6:pieces20:\(hash)"
    check(Array("d4:info\(head)6:pieces20:\(hash)ee".utf8), "pieces: occurs twice")
    check(Array("d4:info\(head)6:sourcede6:pieces20:\(hash)ee".utf8), "pieces: occurs twice")
    check(Array("d4:info\(head)6:lengthi2eee".utf8), "length: occurs twice")
    // Past the number of warnings that a document reports, too.
    let noise = String(repeating: "i00e", count: BencodeWarning.maximumCount)
    check(Array("d1:al\(noise)e4:info\(head)6:pieces20:\(hash)ee".utf8), "pieces: occurs twice")
    _ = try Torrent(decoding: Array("d4:info\(head)ee".utf8))
  }

  @Test("B11 more bytes than the limit")
  func size() {
    let bytes = [UInt8](repeating: 0x30, count: 10_000_001)
    check(bytes, "not a torrent: too many bytes at byte 10000000")
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
