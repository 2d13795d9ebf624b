import Bencode
import Metainfo
import TestKit
import Testing

@Suite struct ComparisonTests {
  /// A file and its bytes; the same number makes the same bytes.
  private struct File {
    let path: [String]
    let length: Int
    var content: UInt8 = 1
    /// A byte that differs from what `content` says.
    var damage: Int?

    init(_ path: String, _ length: Int, _ content: UInt8 = 1, damage: Int? = nil) {
      self.path = path.split(separator: "/").map(String.init)
      self.length = length
      self.content = content
      self.damage = damage
    }

    var bytes: [UInt8] {
      var generator = SeededGenerator(seed: UInt64(content))
      var bytes = (0..<length).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
      if let damage { bytes[damage] ^= 1 }
      return bytes
    }
  }

  private static let piece = 16384

  /// The bytes of a .torrent of version 1.
  private func torrent(
    _ files: [File], pieceLength: Int = piece, info extra: [String: BencodeValue] = [:],
    _ fields: [String: BencodeValue] = [:]
  ) -> [UInt8] {
    let content = files.flatMap(\.bytes)
    let digests = stride(from: 0, to: content.count, by: pieceLength).flatMap { start in
      InfoHash(SHA1.digest(of: content[start..<min(start + pieceLength, content.count)])).array
    }
    let info: [String: BencodeValue] = [
      "name": "data", "piece length": .integer(Int64(pieceLength)), "pieces": .string(digests),
      "files": .list(
        files.map { ["length": .integer(Int64($0.length)), "path": .list($0.path.map(BencodeValue.text))] }),
    ]
    return Sample.bytes(info.merging(extra) { $1 }, fields)
  }

  private func changes(_ comparison: TorrentComparison) -> [String] {
    comparison.files.map {
      "\($0.change) " + [$0.before, $0.after].compactMap { $0.map { "\($0)" } }.joined(separator: " ")
    }
  }

  @Test("a torrent is the same as itself")
  func same() throws {
    for name in FixtureTests.hashes.map(\.name) {
      let bytes = try Sample.fixture(name)
      let comparison = try TorrentComparison(bytes, bytes)
      #expect(comparison.isSame)
      #expect(comparison.files.isEmpty && comparison.keys.isEmpty && comparison.obstacle == nil)
      #expect(comparison.identicalBytes == comparison.after.info.contentLength)
    }
  }

  @Test("keys outside of the info dictionary differ without being hashed")
  func outerKeys() throws {
    let files = [File("a", 10)]
    let comparison = try TorrentComparison(
      torrent(files, ["comment": "x", "announce": "http://u:pw@a/"]),
      torrent(files, ["announce": "http://b/", "creation date": 5]))
    #expect(!comparison.isSame)
    #expect(comparison.keys.map(\.key) == [["announce"], ["comment"], ["creation date"]])
    #expect(comparison.keys.map(\.change) == [.changed, .removed, .added])
    #expect(comparison.keys.allSatisfy { !$0.isHashed })
    #expect(comparison.keys.map(\.before) == ["\"http://a/\"", "\"x\"", nil])
    #expect(comparison.files.isEmpty)
    #expect(comparison.identicalBytes == 10)
  }

  @Test("keys of the info dictionary are hashed, and the data can be the same all the same")
  func innerKeys() throws {
    let files = [File("a", 40_000)]
    let comparison = try TorrentComparison(torrent(files), torrent(files, info: ["source": "S"]))
    #expect(comparison.keys.map(\.key) == [["info", "source"]])
    #expect(comparison.keys.map(\.isHashed) == [true])
    #expect(comparison.files.isEmpty)
    #expect(comparison.identicalBytes == 40_000)
  }

  @Test("bytes that differ in their form alone are a difference")
  func form() throws {
    let bytes = torrent([File("a", 10)])
    let comparison = try TorrentComparison(bytes, bytes + [0])
    #expect(!comparison.isSame && comparison.differsInFormAlone)
    #expect(comparison.keys.isEmpty)
  }

  @Test("files that were added, removed, renamed and changed are told apart in version 1")
  func version1() throws {
    let p = Self.piece
    let before = [
      File("big", 4 * p, 1), File("gone", p, 2), File("folder/old", 2 * p, 3), File("grown", p, 4),
      File("kept", p, 5),
    ]
    let after = [
      File("big", 4 * p, 1, damage: 2 * p + 7), File("new", p, 6), File("other/name", 2 * p, 3),
      File("grown", 2 * p, 7), File("kept", p, 5),
    ]
    let comparison = try TorrentComparison(torrent(before), torrent(after))
    #expect(
      changes(comparison) == [
        "changed big big", "changed grown grown", "removed gone", "renamed folder/old other/name",
        "added new",
      ])
    #expect(comparison.files[0].identicalBytes == 3 * p)
    // Three pieces of big, both of the renamed one, and kept.
    #expect(comparison.identicalBytes == 6 * p)
    #expect(comparison.unknownBytes == 0)
  }

  @Test("what pieces of version 1 can't tell is unknown, and not said to be changed")
  func unknown() throws {
    // One piece holds both, and only the second changed.
    let comparison = try TorrentComparison(
      torrent([File("a", 100, 1), File("b", 100, 2)]), torrent([File("a", 100, 1), File("b", 100, 3)]))
    #expect(changes(comparison) == ["unknown a a", "unknown b b"])
    #expect(comparison.identicalBytes == 0)
    // Another file in front shifts the pieces.
    let shifted = try TorrentComparison(
      torrent([File("z", 2 * Self.piece)]), torrent([File("y", 1, 2), File("z", 2 * Self.piece)]))
    #expect(changes(shifted) == ["unknown z z", "added y"])
    #expect(shifted.unknownBytes == 2 * Self.piece)
  }

  @Test("a file that grew keeps the share of its pieces")
  func grown() throws {
    let p = Self.piece
    let comparison = try TorrentComparison(torrent([File("a", 3 * p)]), torrent([File("a", 5 * p)]))
    #expect(changes(comparison) == ["changed a a"])
    #expect(comparison.identicalBytes == 3 * p)
  }

  @Test("pieces of different lengths and torrents of different versions can't be compared")
  func incomparable() throws {
    let files = [File("a", 100_000)]
    let lengths = try TorrentComparison(torrent(files), torrent(files, pieceLength: 32768))
    #expect(lengths.obstacle == "pieces of 16384 and 32768 bytes can't be compared")
    #expect(lengths.files.isEmpty && lengths.unknownBytes == 100_000 && lengths.identicalBytes == 0)
    let versions = try TorrentComparison(
      Sample.fixture("libtorrent-multi.torrent"), Sample.fixture("libtorrent-v2.torrent"))
    #expect(versions.obstacle == "the digests of v1 and v2 can't be compared")
  }

  @Test("hash trees tell whole files apart without any regard to where they lie")
  func trees() throws {
    let comparison = try TorrentComparison(
      Sample.fixture("libtorrent-v2.torrent"), Sample.fixture("libtorrent-hybrid.torrent"))
    #expect(comparison.obstacle == nil)
    #expect(comparison.files.isEmpty)
    #expect(comparison.identicalBytes == comparison.before.info.contentLength)
    #expect(!comparison.isSame)
  }

  @Test("many files that begin alike are paired in reasonable time")
  func alike() throws {
    let count = 20_000
    // Empty pieces all with the same digest, in files that have other names in the other torrent.
    func torrent(_ prefix: String) -> [UInt8] {
      Sample.bytes([
        "name": "data", "piece length": 16, "pieces": .string([UInt8](repeating: 7, count: 20 * 2 * count)),
        "files": .list((0..<count).map { ["length": 32, "path": [.text("\(prefix)\($0)")]] }),
      ])
    }
    let comparison = try TorrentComparison(torrent("a"), torrent("b"))
    #expect(comparison.files.count == count)
    #expect(comparison.files.allSatisfy { $0.change == .renamed })
    #expect(comparison.identicalBytes == 32 * count)
  }
}
