import Foundation
import Glibc
import TestKit
import Testing

@testable import Metainfo

/// `é` in one code point and in two.
private let composed = "caf\u{E9}"
private let decomposed = "cafe\u{301}"

@Suite("Names in another Unicode normalisation form")
struct EquivalentNamesTests {
  let folder: ContentFolder
  let info: Info

  /// The torrent has composed names throughout.
  init() throws {
    folder = try ContentFolder()
    for name in ["\(composed)/\(composed)/\(composed).txt", "\(composed)/plain", "\(composed)/z/\(composed)"]
    {
      try folder.write("made/" + name, pattern(20_000, seed: UInt64(name.utf8.count)))
    }
    var options = AuthorOptions()
    options.pieceLength = ContentCase.pieceLength
    info = try TorrentAuthor(content: folder["made/" + composed], options: options).create().torrent.info
  }

  private func move(_ from: String, _ to: String) throws {
    try #require(rename(folder[from], folder[to]) == 0)
  }

  private func foundAs(_ report: VerifyReport) -> [String] {
    report.files.map { $0.foundAs?.joined(separator: "/") ?? "" }
  }

  @Test("every component may differ, and the report says which names are on disk")
  func components() throws {
    let root = "made/" + composed
    try move("\(root)/\(composed)/\(composed).txt", "\(root)/\(composed)/\(decomposed).txt")
    let location = ContentLocation.find(info, content: folder["made"], torrentFile: nil)
    let one = ContentVerifier(info, at: location).verify()
    #expect(one.isOK)
    #expect(
      foundAs(one).map { Array($0.utf8) } == ["\(composed)/\(decomposed).txt", "", ""].map { Array($0.utf8) })

    try move("\(root)/\(composed)", "\(root)/\(decomposed)")
    try move(root, "made/" + decomposed)
    let all = ContentLocation.find(info, content: folder["made"], torrentFile: nil)
    #expect(all.path.utf8.elementsEqual(folder["made/" + decomposed].utf8))
    // A seeder looks for the torrent's own name.
    #expect(all.parent == nil)
    let report = ContentVerifier(info, at: all).verify()
    #expect(report.isOK)
    #expect(foundAs(report)[0].utf8.elementsEqual("\(decomposed)/\(decomposed).txt".utf8))
    #expect(ContentLocation.find(info, content: nil, torrentFile: folder["made/x.torrent"]) == all)
  }

  @Test("the name as it stands comes first")
  func exact() throws {
    try folder.write("made/\(composed)/z/\(decomposed)", [1])
    let location = ContentLocation.find(info, content: folder["made"], torrentFile: nil)
    let report = ContentVerifier(info, at: location).verify()
    #expect(report.isOK && foundAs(report) == ["", "", ""])
  }

  @Test("no folder is listed for a name that is there")
  func unlisted() async throws {
    for name in ["", "/" + composed, "/z"] { chmod(folder["made/\(composed)\(name)"], 0o711) }
    let verifier = ContentVerifier(
      info, at: ContentLocation.find(info, content: folder["made"], torrentFile: nil))
    let report = await withoutPrivileges { verifier.verify() }
    #expect(report.isOK)
  }

  @Test("another name is another name")
  func different() throws {
    try move("made/\(composed)/z/\(composed)", "made/\(composed)/z/cafe")
    let location = ContentLocation.find(info, content: folder["made"], torrentFile: nil)
    let report = ContentVerifier(info, at: location).verify()
    #expect(report.files.map(\.status) == [.ok, .ok, .missing])
  }
}
