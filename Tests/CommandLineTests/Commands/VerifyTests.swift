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
    #expect(Verify.ranges([3, 5, 6, 7, 12]) == "3, 5-7, 12")
    #expect(Verify.ranges([]) == "")
    #expect(Verify.ranges(Array(stride(from: 0, to: 100, by: 2))).hasSuffix("38, and 30 more"))
  }
}
