import Foundation
import Testing

@testable import torrentctl

@Suite struct VerifyTests {
  let shell: Shell

  init() throws {
    shell = try Shell()
    try shell.write([UInt8](repeating: 1, count: 50_000), to: "data/a")
    try shell.write([UInt8](repeating: 2, count: 20_000), to: "data/sub/b")
    #expect(shell.run("create", "data", "-o", "x.torrent", "--piece-length", "16KiB").code == .done)
  }

  private func status(of name: String) throws -> String? {
    let files = try shell.run("verify", "x.torrent", "--json").json["files"] as? [[String: Any]]
    return files?.first { ($0["path"] as? [String])?.last == name }?["status"] as? String
  }

  @Test("F14 Of several torrents each has a line, and there is a total")
  func several() throws {
    try shell.write([UInt8](repeating: 3, count: 30_000), to: "other/c")
    #expect(shell.run("create", "other", "-o", "y.torrent", "-q").code == .done)
    let good = shell.run("verify", "x.torrent", "y.torrent")
    #expect(good.code == .done && good.errors.isEmpty)
    #expect(
      good.text == "ok  data: 5 pieces, 2 files, 68.4 KiB\nok  other: 2 pieces, 1 file, 29.3 KiB\n"
        + "2 of 2 torrents ok, 97.7 KiB\n")
    try shell.write("x", to: "data/a")
    let bad = shell.run("verify", "x.torrent", "no.torrent", "y.torrent")
    #expect(bad.code == .disk)
    #expect(
      bad.text.contains("no  x.torrent: data: ") && bad.text.hasSuffix("1 of 3 torrents ok, 29.3 KiB\n"))
    expectOneError(bad)
    let document = try shell.run("verify", "x.torrent", "no.torrent", "y.torrent", "--json").json
    let entries = try #require(document["torrents"] as? [[String: Any]])
    #expect(entries.map { $0["torrent"] as? String } == ["x.torrent", "no.torrent", "y.torrent"])
    #expect(entries.map { $0["ok"] as? Bool } == [false, false, true])
    #expect(entries.map { $0["exitCode"] as? Int } == [1, 4, 0])
    #expect(shell.run("verify", "x.torrent", "y.torrent", "-q").text.isEmpty)
    #expect(shell.run("verify", "-", "-").code == .usage)
  }

  @Test func contentBesideTheTorrent() throws {
    let result = shell.run("verify", "x.torrent")
    #expect(result.code == .done)
    #expect(result.text == "ok  data: 5 pieces, 2 files, 68.4 KiB\n")
    #expect(result.errors == "")
    let json = try shell.run("verify", "x.torrent", "--json").json
    #expect(json["ok"] as? Bool == true)
    #expect(json["pieces"] as? [String: Int] == ["total": 5, "good": 5, "bad": 0, "missing": 0])
    #expect((json["files"] as? [[String: Any]])?.count == 2)
  }

  @Test func contentElsewhere() throws {
    try FileManager.default.moveItem(atPath: shell.path("data"), toPath: shell.path("other"))
    #expect(shell.run("verify", "x.torrent", "--content", "other").code == .done)
    let missing = shell.run("verify", "x.torrent")
    #expect(missing.code == .no)
    #expect(missing.errors.contains("content is missing (--content says where it is)"))
    try FileManager.default.createDirectory(atPath: shell.path("folder"), withIntermediateDirectories: true)
    try FileManager.default.moveItem(atPath: shell.path("other"), toPath: shell.path("folder/data"))
    #expect(shell.run("verify", "-c", "folder", "x.torrent").code == .done)
  }

  @Test("M18 what differs is named, and nothing is written")
  func differences() throws {
    var bytes = try shell.read("data/a")
    bytes[20_000] ^= 1
    try shell.write(bytes, to: "data/a")
    let result = shell.run("verify", "x.torrent")
    #expect(result.code == .no)
    #expect(result.text.contains("corrupt     a"))
    #expect(result.text.contains("bad pieces  1\n"))
    expectOneError(result)
    #expect(result.errors.contains("1 of 5 pieces differ"))
    #expect(try shell.read("data/a") == bytes)
    let json = try shell.run("verify", "x.torrent", "--json").json
    #expect(json["ok"] as? Bool == false)
    let file = try #require((json["files"] as? [[String: Any]])?.first)
    #expect(file["badRanges"] as? [[String: Int]] == [["offset": 16_384, "length": 16_384]])
  }

  @Test("M18 missing, short, long")
  func lengths() throws {
    try shell.write([UInt8](repeating: 2, count: 19_999), to: "data/sub/b")
    #expect(try status(of: "b") == "short")
    try shell.write([UInt8](repeating: 2, count: 20_001), to: "data/sub/b")
    #expect(try status(of: "b") == "long")
    #expect(shell.run("verify", "x.torrent").code == .no)
    try FileManager.default.removeItem(atPath: shell.path("data/sub/b"))
    #expect(try status(of: "b") == "missing")
    #expect(try status(of: "a") == "ok")
    try FileManager.default.createDirectory(
      atPath: shell.path("data/sub/b"), withIntermediateDirectories: true)
    #expect(try status(of: "b") == "missing")
  }

  @Test func rangesOfNumbers() {
    #expect(VerifyText.runs([3, 5, 6, 7, 12]) == "3, 5-7, 12")
    #expect(VerifyText.runs([]) == "")
    #expect(VerifyText.runs(Array(stride(from: 0, to: 100, by: 2))).hasSuffix("38, and 30 more"))
  }

  @Test func contentInTheCurrentDirectory() throws {
    try shell.write(shell.read("x.torrent"), to: "torrents/x.torrent")
    #expect(shell.run("verify", "torrents/x.torrent").code == .done)
    // What lies beside the .torrent comes first.
    try shell.write([1], to: "torrents/data/a")
    #expect(shell.run("verify", "torrents/x.torrent").code == .no)
  }

  @Test func quiet() throws {
    let good = shell.run("verify", "x.torrent", "--quiet", isTerminal: true)
    #expect(good.code == .done && good.text == "" && good.errors == "")
    try shell.write([1], to: "data/a")
    let bad = shell.run("verify", "x.torrent", "-q", "--color=never", isTerminal: true)
    #expect(bad.code == .no && bad.text == "")
    expectOneError(bad)
    #expect(try shell.run("verify", "x.torrent", "-q", "--json").json["ok"] as? Bool == false)
  }

  @Test("B02 strict reading refuses what is not canonical")
  func strict() throws {
    #expect(shell.run("verify", "x.torrent", "--strict").code == .done)
    // The keys of the outer dictionary out of order.
    let text = try shell.read("x.torrent").dropFirst().dropLast()
    try shell.write([UInt8(ascii: "d")] + Array("1:z0:".utf8) + text + [UInt8(ascii: "e")], to: "odd.torrent")
    #expect(shell.run("verify", "odd.torrent").code == .done)
    let result = shell.run("verify", "odd.torrent", "--strict")
    #expect(result.code == .malformed && result.text == "")
    expectOneError(result)
    #expect(result.errors.hasSuffix("(without --strict it is read)\n"))
  }

  @Test func aSharedPieceIsSuspectAndNamesItsNeighbour() throws {
    // Piece 3 holds the end of one file and the beginning of the other.
    var bytes = try shell.read("data/a")
    bytes[49_999] ^= 1
    try shell.write(bytes, to: "data/a")
    let result = shell.run("verify", "x.torrent")
    #expect(
      result.text.contains("suspect     a: bytes 49152-49999, or another file with bytes in the same piece\n")
    )
    #expect(result.text.contains("suspect     sub/b: bytes 0-15535"))
    #expect(result.text.hasSuffix("data: 4 of 5 pieces good, 1 bad, 0 missing; 0 of 2 files proven good\n"))
    let files = try #require(shell.run("verify", "x.torrent", "--json").json["files"] as? [[String: Any]])
    #expect(files.map { $0["status"] as? String } == ["corrupt", "corrupt"])
    #expect(files[0]["suspectRanges"] as? [[String: Int]] == [["offset": 49_152, "length": 848]])
    #expect(files.map { $0["proven"] as? Bool } == [false, false])
  }

  @Test func whatCannotBeSaidOfANeighbour() throws {
    try FileManager.default.removeItem(atPath: shell.path("data/sub/b"))
    let result = shell.run("verify", "x.torrent")
    #expect(result.text.contains("missing     sub/b: No such file or directory\n"))
    #expect(
      result.text.contains(
        "unverified  a: bytes 49152-49999 share a piece with what is missing or unreadable\n"))
  }

  @Test func aTerminalShowsAMap() throws {
    try shell.write([1], to: "data/sub/b")
    let result = shell.run("verify", "x.torrent", environment: ["NO_COLOR": "1"], isTerminal: true)
    #expect(result.text.contains("pieces      \(String(repeating: "#", count: 38))"))
    #expect(!shell.run("verify", "x.torrent").text.contains("##"))
  }

  @Test func manyFilesAreBounded() throws {
    for number in 0..<120 { try shell.write([UInt8(number)], to: "many/\(number)") }
    #expect(shell.run("create", "many").code == .done)
    try FileManager.default.removeItem(atPath: shell.path("many"))
    let lines = shell.run("verify", "many.torrent").text.split(separator: "\n")
    #expect(lines.count == 102)
    #expect(lines[100] == "            … and 20 more (--json lists all)")
  }

  @Test func filesAreFoundElsewhere() throws {
    try FileManager.default.moveItem(atPath: shell.path("data/sub/b"), toPath: shell.path("b moved"))
    try FileManager.default.createDirectory(atPath: shell.path("one/two"), withIntermediateDirectories: true)
    try FileManager.default.moveItem(atPath: shell.path("b moved"), toPath: shell.path("one/two/other name"))
    #expect(shell.run("verify", "x.torrent").code == .no)
    let result = shell.run("verify", "x.torrent", "--search", "data", "--search=one")
    #expect(result.code == .done && result.errors == "")
    #expect(
      result.text == "found       sub/b: found at \(shell.path("one/two/other name"))\n"
        + "ok  data: 5 pieces, 2 files, 68.4 KiB\n")
    let json = try shell.run("verify", "x.torrent", "-s", "one", "--json").json
    #expect(json["ok"] as? Bool == true)
    let files = try #require(json["files"] as? [[String: Any]])
    #expect(files[1]["status"] as? String == "ok")
    #expect(files[1]["foundAt"] as? String == shell.path("one/two/other name"))
    #expect(files[0]["foundAt"] is NSNull)
  }

  @Test func aFolderToSearchMustBeThere() {
    let result = shell.run("verify", "x.torrent", "--search", "nowhere")
    #expect(result.code == .disk && result.text == "")
    #expect(result.errors == "torrentctl: error: nowhere: No such file or directory\n")
  }

  @Test("M18 every format, with the file that differs", arguments: ["v1", "v2", "hybrid"])
  func formats(format: String) throws {
    let made = shell.run("create", "data", "-o", "f.torrent", "--piece-length", "16KiB", "--format", format)
    #expect(made.code == .done)
    #expect(shell.run("verify", "f.torrent").code == .done)
    var bytes = try shell.read("data/sub/b")
    bytes[0] ^= 1
    try shell.write(bytes, to: "data/sub/b")
    let json = try shell.run("verify", "f.torrent", "--json").json
    let files = try #require(json["files"] as? [[String: Any]])
    #expect(files.map { $0["proven"] as? Bool } == [format != "v1", false])
    #expect(files.count == 2 && json["ok"] as? Bool == false)
  }

  @Test func aHybridThatContradictsItself() throws {
    _ = shell.run("create", "data", "-o", "h.torrent", "--piece-length", "16KiB", "--format", "hybrid")
    var bytes = try shell.read("h.torrent")
    let pieces = try #require(bytes.firstRange(of: Array("6:pieces120:".utf8)))
    bytes[pieces.upperBound + 20] ^= 1
    try shell.write(bytes, to: "h.torrent")
    let result = shell.run("verify", "h.torrent")
    #expect(result.code == .malformed)
    expectOneError(result)
    #expect(
      result.errors.hasPrefix(
        "torrentctl: error: h.torrent: broken torrent: its v1 and v2 hashes contradict each other in piece 1")
    )
    #expect(try shell.run("verify", "h.torrent", "--json").json["contradictions"] as? [Int] == [1])
  }

  @Test func namesInAnotherNormalisationFormAreSaidSo() throws {
    try shell.write([1], to: "caf\u{E9}/e\u{301}")
    #expect(shell.run("create", "caf\u{E9}", "-o", "u.torrent").code == .done)
    try FileManager.default.moveItem(
      atPath: shell.path("caf\u{E9}/e\u{301}"), toPath: shell.path("caf\u{E9}/\u{E9}"))
    let result = shell.run("verify", "u.torrent")
    #expect(result.code == .done)
    #expect(result.text.contains("its name is in another Unicode normalisation form here"))
    let files = try shell.run("verify", "u.torrent", "--json").json["files"] as? [[String: Any]]
    let name = try #require((files?.first?["foundAs"] as? [String])?.first)
    #expect(name.utf8.elementsEqual("\u{E9}".utf8))
  }
}
