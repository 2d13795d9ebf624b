import Bencode
import Metainfo
import TestKit
import Testing

/// Files that want the same path, found in lists of any order.
@Suite struct PathCollisionTests {
  @Test("M05 M10 every file has a path of its own, and none is another's folder", arguments: 0..<200)
  func random(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let names = ["a", "b", "c", "dd", "a long name that takes several words", "é", "e\u{301}"]
    let paths = (0..<Int.random(in: 1...30, using: &random)).map { _ in
      (0..<Int.random(in: 1...3, using: &random)).map { _ in names.randomElement(using: &random) ?? "x" }
    }
    let torrent = try Torrent(decoding: Sample.bytes(Sample.files(paths)))
    let found = torrent.info.files.map(\.path)
    #expect(Set(found).count == paths.count, "seed \(seed)")
    for path in found {
      for depth in 1..<path.components.count {
        let folder = try #require(TorrentPath(Array(path.components[..<depth])))
        #expect(!found.contains(folder), "seed \(seed)")
      }
    }
    // Nothing is renamed that need not be.
    let wanted = paths.compactMap { TorrentPath($0) }
    let isFree = Set(wanted).count == wanted.count && !wanted.contains { Self.isFolder($0, of: wanted) }
    #expect(isFree == (found == wanted), "seed \(seed)")
    #expect(isFree == torrent.warnings.isEmpty, "seed \(seed)")
  }

  private static func isFolder(_ path: TorrentPath, of others: [TorrentPath]) -> Bool {
    others.contains { other in
      other.components.count > path.components.count
        && TorrentPath(Array(other.components[..<path.components.count])) == path
    }
  }
}
