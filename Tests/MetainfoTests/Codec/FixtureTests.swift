import Bencode
import Foundation
import Metainfo
import Testing

/// Torrents that other programs made, and the odd and hand-made ones; see `Fixtures/README.md`.
@Suite struct FixtureTests {
  /// A line of `hashes.txt`: one info-hash of one file.
  struct Stated: CustomTestStringConvertible, Sendable {
    let name: String
    /// In hexadecimal; v1 or v2 by its length.
    let hash: String
    var testDescription: String { name }
  }

  private static func stated(_ folder: String) -> [Stated] {
    let file = Sample.fixtures.appending(path: folder + "hashes.txt")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map { line in
      let fields = line.split(separator: " ")
      return Stated(name: folder + (fields.last ?? ""), hash: String(fields.first ?? ""))
    }
  }

  static let byPrograms = stated("")
  static let handmade = stated("handmade/")
  static let hashes = byPrograms + handmade
  /// Names that are not UTF-8 have to be changed.
  static let renamed = "handmade/latin-1.torrent"
  /// Everything that describes `data/` or a file in it.
  static let ofTheSample = Set(hashes.map(\.name)).sorted()
    .filter { $0 != renamed && $0 != "handmade/gbk.torrent" }

  @Test("M02 there are fixtures of at least ten programs, of every format")
  func presence() throws {
    let programs = Set(Self.byPrograms.map { $0.name.prefix(while: { $0 != "-" }) })
    #expect(programs.count >= 10, "\(programs)")
    let formats = try Self.byPrograms.map { try Torrent(decoding: Sample.fixture($0.name)).info.format }
    #expect(Set(formats) == Set(TorrentFormat.allCases))
    #expect(Self.handmade.count >= 9)
  }

  @Test(
    "M02 torrents by other hands load, with the info-hash that other programs state",
    arguments: hashes)
  func infoHash(fixture: Stated) throws {
    let torrent = try Torrent(decoding: Sample.fixture(fixture.name))
    let (v1, v2) = (torrent.infoHashes.v1?.description, torrent.infoHashes.v2?.description)
    #expect(fixture.hash.count == 40 ? v1 == fixture.hash : v2 == fixture.hash)
    let isRenamed = torrent.warnings.contains { if case .renamed = $0 { true } else { false } }
    #expect(isRenamed == (fixture.name == Self.renamed))
    checkConsistency(torrent)
  }

  @Test("M02 M17 the sample tree is what torrents by other hands say it is", arguments: ofTheSample)
  func content(name: String) throws {
    let info = try Torrent(decoding: Sample.fixture(name)).info
    let data = Sample.fixtures.appending(path: "../data").standardized.resolvingSymlinksInPath().path
    let homes = ["whole.png": "/pictures/mandelbrot/whole.png", "潮.txt": "/日本語/潮.txt"]
    let location = ContentLocation.find(
      info, content: data + (homes[info.name.name] ?? ""), torrentFile: nil)
    let report = ContentVerifier(info, at: location).verify()
    #expect(report.isOK)
    #expect(report.files.count == info.files.count { !$0.isPadding })

    guard !info.isSingleFile, name != "handmade/v2-attributes.torrent" else { return }
    let names = try #require(FileManager.default.enumerator(atPath: data)).compactMap { $0 as? String }
    // These leave empty files out.
    let leavesEmpty = ["torf-", "dottorrent-", "transmission-"].contains { name.hasPrefix($0) }
    let expected = names.filter { path in
      let values = try? FileManager.default.attributesOfItem(atPath: data + "/" + path)
      return values?[.type] as? FileAttributeType == .typeRegular
        && !(leavesEmpty && values?[.size] as? Int == 0)
    }
    #expect(
      info.files.filter { !$0.isPadding }.map(\.path.description).sorted() == expected.sorted())
  }

  @Test(
    "M02 what libtorrent and torrentfile hashed is written again byte for byte",
    arguments: byPrograms.map(\.name).filter {
      $0.hasPrefix("libtorrent-") || $0.hasPrefix("torrentfile-") && $0 != "torrentfile-multi.torrent"
    })
  func encoding(name: String) throws {
    let bytes = try Sample.fixture(name)
    let info = try #require(try BencodeDocument(bytes).root["info"])
    let layers = try BencodeDocument(bytes).root["piece layers"]
    let torrent = try Torrent(decoding: bytes)
    #expect(torrent.info.encoded() == Array(info.rawBytes))
    let again = try BencodeDocument(torrent.encoded(infoBytes: info.rawBytes), reading: .strict).root
    #expect(again["piece layers"]?.count == layers?.count)
    // torrentfile doesn't sort them.
    for entry in layers.map({ Array($0.entries) }) ?? [] {
      let ours = again["piece layers"]?.entries.first { $0.key.elementsEqual(entry.key) }
      #expect(ours?.value.rawBytes.elementsEqual(entry.value.rawBytes) ?? false)
    }
  }

  @Test(
    "M02 a hybrid loads with both info-hashes, its pad files marked",
    arguments: ["libtorrent", "torrentfile"])
  func hybrid(program: String) throws {
    let torrent = try Torrent(decoding: Sample.fixture("\(program)-hybrid.torrent"))
    let padding = torrent.info.files.filter(\.isPadding)
    #expect(!padding.isEmpty)
    #expect(padding.allSatisfy { $0.path.components.first == ".pad" })
    #expect(torrent.info.format == .hybrid)
    #expect(torrent.extraKeys.isEmpty)
  }

  @Test("B08 every prefix of a torrent is an error")
  func truncation() throws {
    let bytes = try Sample.fixture("transmission-single.torrent")
    for count in bytes.indices {
      #expect(throws: MetainfoError.self) { _ = try Torrent(decoding: Array(bytes[..<count])) }
    }
  }

  @Test("B09 every flipped bit is an error or leaves a torrent that agrees with its bytes")
  func bitFlips() throws {
    let bytes = try Sample.fixture("transmission-single.torrent")
    #expect((200...1000).contains(bytes.count))
    for bit in 0..<bytes.count * 8 {
      var damaged = bytes
      damaged[bit / 8] ^= 1 << (bit % 8)
      guard let torrent = try? Torrent(decoding: damaged) else { continue }
      let info = try #require(try BencodeDocument(damaged).root["info"])
      if BencodeValue(info)?.encoded() != Array(info.rawBytes) {
        // What is not canonical has been reported.
        #expect(!torrent.warnings.isEmpty, "bit \(bit)")
      }
      #expect(torrent.infoHash == InfoHash(SHA1.digest(of: info.rawBytes)))
      checkConsistency(torrent)
    }
  }

  private func checkConsistency(_ torrent: Torrent) {
    let info = torrent.info
    let pieceCount = info.geometry.pieceCount
    #expect(info.pieceHashes.count == (info.format.hasPieceHashes ? pieceCount * 20 : 0))
    #expect(info.merkle?.layer.count == (info.format.hasMerkleHashes ? pieceCount * 32 : nil))
    #expect(info.merkle?.roots.count == (info.format.hasMerkleHashes ? info.files.count * 32 : nil))
    #expect(info.files.last?.range.upperBound == info.geometry.totalLength)
    for file in info.files {
      #expect(TorrentPath(file.path.components) != nil)
      #expect(file.length >= 0)
    }
  }
}
