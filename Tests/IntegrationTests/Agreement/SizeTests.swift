import Metainfo
import TestKit
import Testing

/// Content of every size at which the end of a block, a piece or a file could go wrong.
@Suite("Sizes", .timeLimit(.minutes(5)))
struct SizeTests {
  private static let pieceLength = 1 << 15

  /// Sizes round the ends of blocks and pieces.
  private static let sizes = [
    1, 2, 16383, 16384, 16385, pieceLength - 1, pieceLength, pieceLength + 1, 2 * pieceLength - 1,
    2 * pieceLength, 2 * pieceLength + 1, 3 * pieceLength + 16385,
  ]

  static let trees: [RandomTree] =
    sizes.map { tree("file \($0)", [("", $0)]) }
    + sizes.map { tree("among empty \($0)", [("a", 0), ("b", $0), ("c", 0), ("d/e", $0), ("d/f", 0)]) }
    + [
      tree("all", sizes.enumerated().map { ("\(UnicodeScalar(97 + UInt8($0.offset)))", $0.element) }),
      tree("many small", (100..<160).map { ("\($0 / 25)/\($0)", $0 % 7 * 31) }),
      tree("many of a piece", (10..<22).map { ("\($0)", pieceLength) }),
    ]

  private static func tree(_ name: String, _ sizes: [(path: String, bytes: Int)]) -> RandomTree {
    RandomTree(name: name, pieceLength: pieceLength, sizes: sizes)
  }

  @Test(
    "M17 create gives the same bytes on any number of threads, and verify on any number says ok",
    arguments: AuthorsDriver.Format.allCases)
  func threads(format: AuthorsDriver.Format) throws {
    let folder = try TemporaryTree()
    for tree in Self.trees {
      let path = try tree.write(to: folder, as: "\(format)")
      func create(threads: Int) throws -> AuthoredTorrent {
        var options = tree.options(format.torrentFormat, isPadded: format == .padded)
        options.threads = threads
        return try TorrentAuthor(content: path, options: options).create()
      }
      let made = try create(threads: 1)
      let read = try Torrent(decoding: made.bytes)
      #expect(read.infoHashes == made.torrent.infoHashes && read.warnings.isEmpty, "\(tree)")
      let location = ContentLocation.find(read.info, content: path, torrentFile: nil)
      for threads in Array(1...8) + [32] {
        if threads > 1 {
          #expect(try create(threads: threads).bytes == made.bytes, "\(threads) threads, \(tree)")
        }
        let report = ContentVerifier(read.info, at: location, threads: threads).verify()
        #expect(report.isOK, "\(threads) threads, \(tree)")
        #expect(report.pieces.good == read.info.geometry.pieceCount, "\(threads) threads, \(tree)")
      }
    }
  }

  @Test("M17 libtorrent has the same pieces, byte for byte, for every size and format", .needs(.libtorrent))
  func libtorrent() async throws {
    let folder = try TemporaryTree()
    let cases = try Self.trees.enumerated().flatMap { number, tree in
      let written = RandomTrees.Written(tree: tree, path: try tree.write(to: folder, as: "\(number)"))
      return AuthorsDriver.Format.allCases.map { AgreementTests.Case(written, .libtorrent, $0) }
    }
    let answers = try await AuthorsDriver.answers(to: cases.map(\.request), folder: folder.path)
    for (theirs, answer) in zip(cases, answers) {
      let ours = try theirs.ours().torrent
      let torrent = try theirs.theirs(answer)
      #expect(torrent.info.pieceHashes == ours.info.pieceHashes, "\(theirs.request.format) \(theirs.tree)")
      #expect(
        torrent.info.merkle?.layer == ours.info.merkle?.layer, "\(theirs.request.format) \(theirs.tree)")
      #expect(torrent.infoHashes == ours.infoHashes, "\(theirs.request.format) \(theirs.tree)")
    }
  }

  @Test("M17 content without a byte is refused, as libtorrent does", arguments: TorrentFormat.allCases)
  func nothing(format: TorrentFormat) throws {
    let folder = try TemporaryTree()
    for tree in [Self.tree("file", [("", 0)]), Self.tree("folder", [("a", 0), ("b", 0)])] {
      let path = try tree.write(to: folder, as: "\(format)")
      let error = #expect(throws: AuthorError.self) {
        try TorrentAuthor(content: path, options: tree.options(format)).create()
      }
      #expect(error?.kind == .content)
    }
  }
}
