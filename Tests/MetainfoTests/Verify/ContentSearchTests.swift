import Foundation
import Glibc
import TestKit
import Testing

@testable import Metainfo

@Suite("Searching for content")
struct ContentSearchTests {
  static let piece = VerifyCase.piece

  private func move(_ content: VerifyCase, _ from: String, _ to: String) throws {
    let target = content.folder[to]
    try FileManager.default.createDirectory(
      atPath: (target as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try #require(rename(content.folder[from], target) == 0)
  }

  private func foundAt(_ report: VerifyReport, _ content: VerifyCase) -> [String?] {
    report.files.map { $0.foundAt.map { String($0.dropFirst(content.folder.path.count + 1)) } }
  }

  @Test("files are found under other names, by length and hash", arguments: TorrentFormat.allCases)
  func otherNames(format: TorrentFormat) throws {
    let length = 5 * Self.piece / 2
    let content = try VerifyCase(format, [("a", length), ("b", length), ("c/d", length + 1), ("e", 40)])
    try move(content, "data/a", "elsewhere/.hidden/one")
    try move(content, "data/c/d", "elsewhere/two")
    try move(content, "data/e", "third place/e")
    // A stranger of the same length and the same name.
    try content.folder.write("elsewhere/a", pattern(length, seed: 1))
    #expect(content.verify().statuses == [.missing, .ok, .missing, .missing])
    let report = content.verify(searching: ["elsewhere", "third place"])
    #expect(report.isOK && report.files.allSatisfy(\.isProven) && report.searchProblems.isEmpty)
    #expect(foundAt(report, content) == ["elsewhere/.hidden/one", nil, "elsewhere/two", "third place/e"])
    // Nothing there.
    #expect(content.verify(searching: ["data"]).statuses == [.missing, .ok, .missing, .missing])
  }

  @Test("what differs in its place is looked for too", arguments: TorrentFormat.allCases)
  func damaged(format: TorrentFormat) throws {
    let length = 5 * Self.piece / 2
    let content = try VerifyCase(format, [("a", length), ("b", length), ("c", length)])
    for name in ["a", "b", "c"] {
      try content.folder.write("copy/" + name, content.folder.read("data/" + name))
    }
    try content.flip("a", at: 0)
    truncate(content.folder["data/b"], off_t(length - 1))
    truncate(content.folder["data/c"], off_t(length + 1))
    let report = content.verify(searching: ["copy"])
    #expect(report.isOK)
    #expect(foundAt(report, content) == ["copy/a", "copy/b", "copy/c"])
  }

  @Test("a byte that is wrong in a shared piece is found out by a good copy")
  func suspects() throws {
    let content = try VerifyCase(.v1, [("a", 20_000), ("b", 20_000)])
    try content.folder.write("copy/x", content.folder.read("data/b"))
    try content.flip("b", at: 0)
    #expect(content.verify().files.map(\.isSuspect) == [true, true])
    let report = content.verify(searching: ["copy"])
    #expect(report.isOK)
    #expect(foundAt(report, content) == [nil, "copy/x"])
  }

  @Test("files too small for a piece of their own are found by the pieces that they share")
  func small() throws {
    let files = (0..<60).map { ("\($0)", 100 + 97 * $0) }
    let content = try VerifyCase(.v1, files)
    // All under other names, with strangers of the same lengths among them.
    for (number, file) in files.enumerated() {
      try move(content, "data/\(number)", "elsewhere/\(59 - number) renamed")
      if number % 4 == 0 {
        try content.folder.write("elsewhere/stranger \(number)", pattern(file.1, seed: UInt64(number)))
      }
    }
    let report = content.verify(searching: ["elsewhere"])
    #expect(report.isOK && report.files.allSatisfy { $0.foundAt != nil })
    #expect(foundAt(report, content)[7] == "elsewhere/52 renamed")
  }

  @Test("hundreds of files of one length are told apart by their names")
  func alike() throws {
    let content = try VerifyCase(.v1, (0..<300).map { ("\($0 / 100)/\($0)", 500) })
    try move(content, "data", "elsewhere/renamed")
    #expect(content.verify(searching: ["elsewhere"]).isOK)
  }

  @Test("a copy that is right in the shared piece alone is not taken")
  func halfRight() throws {
    let content = try VerifyCase(.v1, [("a", 20_000), ("b", 40_000)])
    var copy = try content.folder.read("data/b")
    copy[39_999] ^= 1
    try content.folder.write("copy/b", copy)
    copy[20_000] ^= 1
    try content.folder.write("copy/c", copy)
    try content.flip("b", at: 0)
    let report = content.verify(searching: ["copy"])
    #expect(report.files.map(\.isSuspect) == [true, true])
    #expect(foundAt(report, content) == [nil, nil])
  }

  @Test("a piece without one of its files says nothing, and nothing is found by it")
  func incomplete() throws {
    let content = try VerifyCase(.v1, [("a", 20_000), ("b", 50), ("c", 60)])
    try move(content, "data/a", "elsewhere/x")
    try move(content, "data/b", "elsewhere/y")
    unlink(content.folder["data/c"])
    let report = content.verify(searching: ["elsewhere"])
    #expect(report.statuses == [.ok, .missing, .missing])
    #expect(foundAt(report, content) == ["elsewhere/x", nil, nil])
    #expect(report.files[0].unverifiedRanges == [Self.piece..<20_000])
    #expect(!report.isOK)
  }

  @Test("of several good copies the one with the likeliest path is taken", arguments: TorrentFormat.allCases)
  func ranking(format: TorrentFormat) throws {
    let content = try VerifyCase(format, [("sub/a", 20_000), ("sub/b", 300)])
    for place in ["0/a", "1/sub/a", "2/data/sub/a", "3/other"] {
      try content.folder.write("many/" + place, content.folder.read("data/sub/a"))
    }
    for place in ["0/b", "1/sub/b", "2/other"] {
      try content.folder.write("many/" + place, content.folder.read("data/sub/b"))
    }
    try move(content, "data", "gone/data")
    let report = content.verify(searching: ["many"])
    #expect(report.isOK)
    #expect(foundAt(report, content) == ["many/2/data/sub/a", "many/1/sub/b"])
  }

  @Test("symbolic links are not followed, and loops end")
  func links() throws {
    let content = try VerifyCase(.v1, [("a", 40_000)])
    try move(content, "data", "hidden away/data")
    try content.folder.makeFolder("searched")
    try content.folder.link("searched/file", to: content.folder["hidden away/data/a"])
    try content.folder.link("searched/folder", to: content.folder["hidden away"])
    try content.folder.link("searched/loop", to: ".")
    #expect(content.verify(searching: ["searched"]).statuses == [.missing])
    // The folder that is named may itself be a link.
    try content.folder.link("way", to: content.folder["hidden away"])
    #expect(content.verify(searching: ["way"]).isOK)
  }

  @Test("an empty file is found by its name alone", arguments: TorrentFormat.allCases)
  func empty(format: TorrentFormat) throws {
    let content = try VerifyCase(format, [("a", 30), ("e", 0), ("f", 0)])
    unlink(content.folder["data/e"])
    unlink(content.folder["data/f"])
    try content.folder.write("elsewhere/e", [])
    try content.folder.write("elsewhere/g", [])
    let report = content.verify(searching: ["elsewhere"])
    #expect(report.statuses == [.ok, .ok, .missing])
  }

  @Test("a single file, and one of another name", arguments: TorrentFormat.allCases)
  func single(format: TorrentFormat) throws {
    for length in [5, 100_000] {
      let content = try VerifyCase(format, [("data", length)])
      try move(content, "data", "elsewhere/other name")
      let report = content.verify(searching: ["elsewhere"])
      #expect(report.isOK)
      #expect(foundAt(report, content) == ["elsewhere/other name"])
    }
  }

  @Test("a folder that can't be searched is reported")
  func unreadable() async throws {
    let content = try VerifyCase(.v1, [("a", 40_000)])
    try move(content, "data", "elsewhere/closed/data")
    chmod(content.folder["elsewhere/closed"], 0)
    defer { chmod(content.folder["elsewhere/closed"], 0o700) }
    let verifier = ContentVerifier(
      content.info, at: content.location, searching: [content.folder["elsewhere"]])
    let report = await withoutPrivileges { verifier.verify() }
    #expect(report.statuses == [.missing])
    #expect(report.searchProblems == ["\(content.folder["elsewhere/closed"]): Permission denied"])
  }

  @Test("progress rises and ends at the whole")
  func progress() throws {
    let content = try VerifyCase(.v1, [("a", 40_000), ("b", 40_000)])
    try move(content, "data/a", "elsewhere/x")
    let seen = Counter()
    _ = ContentVerifier(content.info, at: content.location, searching: [content.folder["elsewhere"]]).verify {
      seen.append($0.done)
    }
    #expect(seen.values == seen.values.sorted() && seen.values.last == 80_000)
  }
}
