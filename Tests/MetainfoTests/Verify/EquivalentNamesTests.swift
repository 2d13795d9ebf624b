import Foundation
import Bencode
import Glibc
import Platform
import TestKit
import Testing
import Text

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

  @Test("a file that is another entry's own doesn't stand in for one of an equivalent name")
  func twins() throws {
    let bytes = pattern(5_000, seed: 1)
    try folder.write("twins/\(composed)", bytes)
    try folder.write("twins/\(decomposed)", bytes)
    let twins = try TorrentAuthor(content: folder["twins"], options: AuthorOptions()).create().torrent.info
    unlink(folder["twins/" + decomposed])
    let report = ContentVerifier(twins, at: .find(twins, content: folder["twins"], torrentFile: nil)).verify()
    #expect(report.statuses.count { $0 == .missing } == 1 && report.statuses.count { $0 == .ok } == 1)
  }

  /// Two programs have put the same torrent on disk, one by the names in UTF-8, one by those in bytes.
  @Test(
    "content is found under the names that a torrent gives besides those that count", arguments: [0, 1, 2])
  func otherNames(kind: Int) throws {
    // GBK beside UTF-8; what was left of a name in ASCII beside UTF-8; Latin-1 alone.
    let names: [(own: [UInt8], twin: String?)] = [
      ([0xB2, 0xE2], "\u{6D4B}"), (Array("Gr__e".utf8), "Größe"), ([0x63, 0xE9], nil),
    ]
    let (own, twin) = names[kind]
    let content = pattern(20_000, seed: 9)
    let onDisk = SystemText.text(own)
    var info = Sample.files([])
    info["piece length"] = 32_768
    let digest = SHA1.digest(of: content)
    info["pieces"] = .string(digest.indices.map { digest[$0] })
    info["name"] = .string(own)
    info["name.utf-8"] = twin.map(BencodeValue.text)
    var file: [String: BencodeValue] = ["length": 20_000, "path": [.string(own), .string(own)]]
    file["path.utf-8"] = twin.map { [.text($0), .text($0)] }
    info["files"] = [Sample.value(file)]
    let torrent = try Torrent(decoding: Sample.bytes(info)).info
    let counting = twin ?? "c%E9"
    #expect(torrent.diskPath(of: 0) == [counting, counting, counting])
    for (number, name) in [onDisk, counting].enumerated() {
      let place = folder["place \(number)"]
      for path in [place, "\(place)/\(name)", "\(place)/\(name)/\(name)"] {
        try #require(path.withSystemPath { mkdir($0, 0o700) } == 0)
      }
      let file = try SystemFile.open("\(place)/\(name)/\(name)/\(name)", .append)
      try withExtendedLifetime(file) { try SystemFile.write(file.raw, all: content) }
      let location = ContentLocation.find(torrent, content: place, torrentFile: nil)
      let report = ContentVerifier(torrent, at: location).verify()
      #expect(report.isOK, "\(name)")
      #expect(report.files[0].foundAs == (name == onDisk ? [onDisk, onDisk] : nil))
    }
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
