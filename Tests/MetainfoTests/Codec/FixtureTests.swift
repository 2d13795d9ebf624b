import Bencode
import Foundation
import Metainfo
import Testing

@Suite struct FixtureTests {
  static let hashes: [(name: String, hash: String)] = {
    let text = (try? String(contentsOf: Sample.fixtures.appending(path: "hashes.txt"), encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map { line in
      let fields = line.split(separator: " ")
      return (String(fields.last ?? ""), String(fields.first ?? ""))
    }
  }()

  @Test("There are fixtures")
  func presence() { #expect(Self.hashes.count >= 17) }

  @Test(
    "M02 torrents by other programs load, with the info-hash that those programs state", arguments: hashes)
  func infoHash(name: String, hash: String) throws {
    let torrent = try Torrent(decoding: Sample.fixture(name))
    let (v1, v2) = (torrent.infoHashes.v1?.description, torrent.infoHashes.v2?.description)
    #expect(hash.count == 40 ? v1 == hash : v2 == hash)
    #expect(torrent.warnings.allSatisfy { if case .renamed = $0 { false } else { true } })
    checkConsistency(torrent)
  }

  @Test(
    "M02 what libtorrent hashed is written again byte for byte",
    arguments: hashes.map(\.name).filter { $0.hasPrefix("libtorrent") })
  func encoding(name: String) throws {
    let bytes = try Sample.fixture(name)
    let info = try #require(try BencodeDocument(bytes).root["info"])
    let layers = try BencodeDocument(bytes).root["piece layers"]
    let torrent = try Torrent(decoding: bytes)
    #expect(torrent.info.encoded() == Array(info.rawBytes))
    let again = try BencodeDocument(torrent.encoded(infoBytes: info.rawBytes), reading: .strict).root
    #expect(again["piece layers"]?.rawBytes == layers?.rawBytes)
  }

  @Test("M02 everything that libtorrent wrote is found")
  func tiers() throws {
    let torrent = try Torrent(decoding: Sample.fixture("libtorrent-tiers.torrent"))
    #expect(
      torrent.announce.tiers == [
        ["http://127.0.0.1:6969/announce", "udp://[::1]:6969"], ["http://tracker.example/announce"],
      ])
    #expect(torrent.webSeeds == ["http://127.0.0.1:8080/seed/"])
    #expect(torrent.nodes == [BootstrapNode(host: "127.0.0.1", port: 6881)].compactMap { $0 })
    #expect(torrent.comment == "Zwei Stufen, ein Web-Seed: größer als nötig 🌊")
    #expect(torrent.creationDate == 1_700_000_000)
    #expect(torrent.info.isPrivate)
    #expect(torrent.info.geometry.pieceLength == 65536)
    #expect(torrent.info.name.name == "data")
  }

  @Test("M02 a hybrid loads with both info-hashes, its pad files marked")
  func hybrid() throws {
    let torrent = try Torrent(decoding: Sample.fixture("libtorrent-hybrid.torrent"))
    let padding = torrent.info.files.filter(\.isPadding)
    #expect(!padding.isEmpty)
    #expect(padding.allSatisfy { $0.path.components.first == ".pad" })
    #expect(torrent.info.format == .hybrid)
    #expect(torrent.extraKeys.isEmpty)
    let single = try Torrent(decoding: Sample.fixture("libtorrent-multi.torrent"))
    let names = torrent.info.files.filter { !$0.isPadding }.map(\.path.description)
    #expect(names.sorted() == single.info.files.map(\.path.description).sorted())
  }

  @Test("M02 mktorrent's web seeds and source")
  func mktorrent() throws {
    let seeded = try Torrent(decoding: Sample.fixture("mktorrent-webseed.torrent"))
    #expect(seeded.webSeeds == ["http://127.0.0.1:8080/one/", "http://127.0.0.1:8080/two/"])
    #expect(seeded.info.name.name == "shared data")
    let single = try Torrent(decoding: Sample.fixture("mktorrent-single.torrent"))
    #expect(single.info.isSingleFile)
    #expect(single.info.source == "TEST")
    #expect(single.comment == "one file, private, with a source")
    #expect(single.announce.tiers.count == 2)
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
