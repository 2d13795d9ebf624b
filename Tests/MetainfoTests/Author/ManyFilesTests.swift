import Metainfo
import Testing

@Suite("Many files")
struct ManyFilesTests {
  /// Quadratic work would copy terabytes here.
  @Test("M10 the time to write a torrent grows with its size, not faster", .timeLimit(.minutes(5)))
  func encoding() throws {
    let count = 150_000
    let files = try (0..<count).map { number in
      FileEntry(path: try #require(TorrentPath(["folder", "\(number)"])), length: 1, offset: number)
    }
    let info = Info(
      name: try #require(TorrentPath(["many"])), layout: FileLayout(files: files),
      geometry: try #require(PieceGeometry(totalLength: count, pieceLength: 1 << 20)),
      pieceHashes: [UInt8](repeating: 0, count: 20), isSingleFile: false)
    #expect(info.encoded().count > 30 * count)
  }
}
