import Bencode
import Foundation
import Metainfo
import Testing

/// What other programs write and is wrong, and what is met in the wild; `Fixtures/README.md` lists both.
@Suite struct OddFixtureTests {
  static let refused: [(name: String, field: String, reason: String)] = [
    ("torrentfile-v2-single", "pieces", "missing"),
    ("torrentfile-aligned", "pieces", "32 hashes, 35 pieces needed"),
    (
      "libtorrent-order", "files",
      "the two versions disagree: a b/2 has 5 bytes in version 1 and 3 in version 2"
    ),
  ]

  @Test("M02 M03 what other programs write wrongly is refused, with the reason", arguments: refused)
  func refusal(name: String, field: String, reason: String) throws {
    let bytes = try Sample.fixture("odd/\(name).torrent")
    let error = #expect(throws: MetainfoError.self) { _ = try Torrent(decoding: bytes) }
    #expect(error?.field == field)
    #expect(error?.reason == reason)
  }

  @Test("every odd fixture has its test")
  func completeness() throws {
    let folder = Sample.fixtures.appending(path: "odd").path
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(
      names.sorted()
        == (Self.refused.map(\.name) + ["torrentfile-hybrid-single"]).map { $0 + ".torrent" }.sorted())
  }

  @Test("a hybrid whose last SHA-1 is not of the file loads, and verify says that it contradicts itself")
  func contradiction() throws {
    let info = try Torrent(decoding: Sample.fixture("odd/torrentfile-hybrid-single.torrent")).info
    #expect(info.format == .hybrid && info.isSingleFile)
    let content = Sample.fixtures.appending(path: "../data/pictures/mandelbrot/whole.png").standardized.path
    let location = ContentLocation.find(info, content: content, torrentFile: nil)
    let report = ContentVerifier(info, at: location).verify()
    #expect(report.contradictions.map(\.value) == [info.geometry.pieceCount - 1])
    #expect(report.pieces.good == info.geometry.pieceCount - 1)
    #expect(!report.isOK)
  }

  private static func read(_ name: String) throws -> Torrent {
    try Torrent(decoding: Sample.fixture("handmade/\(name).torrent"))
  }

  @Test("M02 keys out of order load with a warning and the hash of the bytes as they are")
  func unsorted() throws {
    let torrent = try Self.read("unsorted")
    #expect(torrent.warnings.contains { if case .bencode = $0 { true } else { false } })
    // What is written canonically is another torrent.
    #expect(InfoHash(SHA1.digest(of: torrent.info.encoded())) != torrent.infoHash)
    #expect(torrent.comment == "keys as they came")
  }

  @Test("M02 unknown keys are named and otherwise let be")
  func unknownKeys() throws {
    let torrent = try Self.read("unknown-keys")
    #expect(
      torrent.extraKeys == [
        "azureus_properties", "httpseeds", "libtorrent_resume", "info.collections", "info.file-duration",
        "info.profiles", "info.similar", "info.x_cross_seed",
      ])
    #expect(torrent.warnings.isEmpty)
    #expect(try Self.read("v2-attributes").extraKeys == ["info.x-unknown"])
  }

  @Test("M02 what is no node, date or text counts as absent, with a warning")
  func oddFields() throws {
    let torrent = try Self.read("nodes-and-seeds")
    #expect(torrent.creationDate == nil)
    #expect(torrent.comment == "caf\u{FFFD}")
    let ignored = torrent.warnings.compactMap { warning -> String? in
      if case .ignored(let field, _) = warning { field } else { nil }
    }
    #expect(ignored == ["nodes", "nodes", "nodes", "creation date"])
  }

  @Test("M02 a piece length that is no power of two is fine in version 1")
  func pieceLength() throws {
    #expect(try Self.read("piece-length").info.geometry.pieceLength == 30000)
  }

  @Test("M02 pad files are known by their attribute, whatever their name")
  func pads() throws {
    let files = try Self.read("pads").info.files
    let padding = files.filter(\.isPadding)
    #expect(padding.count >= 15 && padding.allSatisfy { $0.path.components.first == "padding" })
    #expect(files.allSatisfy { $0.isPadding || $0.length == 0 || $0.offset % 16384 == 0 })
  }

  @Test("M02 symbolic links are left out, with a warning", arguments: ["symlinks", "v2-attributes"])
  func links(name: String) throws {
    let torrent = try Self.read(name)
    let links = torrent.warnings.compactMap { warning -> String? in
      if case .symbolicLink(let field) = warning { field } else { nil }
    }
    #expect(links == (name == "symlinks" ? ["files[0]", "files[22]"] : ["file tree/latest"]))
    #expect(torrent.info.files.allSatisfy { !["latest", "up"].contains($0.path.name) })
    #expect(torrent.info.files.first?.path.description == "about.txt")
  }

  @Test("M02 names in a local encoding are taken from their twins in UTF-8")
  func twins() throws {
    let torrent = try Self.read("gbk")
    #expect(torrent.info.name.name == "资料")
    #expect(torrent.info.files.map(\.path.description) == ["目录/文件.txt", "ascii.txt"])
  }

  @Test("M02 names in a local encoding without a twin are spelled out, and stay apart")
  func localNames() throws {
    let torrent = try Self.read("latin-1")
    #expect(torrent.info.name.name == "%DCbung")
    #expect(
      torrent.info.files.map(\.path.description) == ["Gr%FC%DFe/a%F1o.txt", "gr%F6%DFer.txt", "größer.txt"])
  }
}
