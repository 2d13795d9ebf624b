import TestKit
import Testing

@testable import Metainfo

@Suite("Pieces and blocks") struct PieceGeometryTests {
  /// Files that each start at a piece, with pad files between, and the last bytes of each as a plain model.
  private struct AlignedFiles {
    var layout: FileLayout
    var geometry: PieceGeometry
    /// Bytes of each piece that are in a file.
    var lengths: [Int] = []

    init(seed: UInt64) throws {
      var random = SeededGenerator(seed: seed)
      let pieceLength = 16_384 * Int.random(in: 1...4, using: &random)
      var entries: [FileEntry] = []
      var offset = 0
      for number in 0..<Int.random(in: 1...12, using: &random) {
        let length =
          switch Int.random(in: 0..<4, using: &random) {
          case 0: 0
          case 1: pieceLength * Int.random(in: 1...3, using: &random)
          default: Int.random(in: 1...5 * pieceLength, using: &random)
          }
        if length > 0, let padding = FileEntry.padding(at: offset, pieceLength: pieceLength) {
          entries.append(padding)
          offset += padding.length
        }
        entries.append(
          FileEntry(path: try #require(TorrentPath(["\(number)"])), length: length, offset: offset))
        for start in stride(from: 0, to: length, by: pieceLength) {
          lengths.append(min(pieceLength, length - start))
        }
        offset += length
      }
      layout = FileLayout(files: entries)
      geometry = try #require(PieceGeometry(totalLength: offset, pieceLength: pieceLength))
    }
  }

  @Test("Pieces that end with their files have the files' bytes and no others", arguments: UInt64(1)...50)
  func endingWithFiles(seed: UInt64) throws {
    let files = try AlignedFiles(seed: seed)
    let cut = try #require(files.geometry.endingPieces(with: files.layout))
    #expect(cut.pieces.map { cut.length(of: $0) } == files.lengths, "seed \(seed)")
    #expect(
      cut.pieces.map { cut.offset(of: $0) } == files.geometry.pieces.map { files.geometry.offset(of: $0) })
    #expect(
      cut.shortPieces.map(\.value) == files.lengths.indices.filter { files.lengths[$0] < cut.pieceLength })
    for piece in cut.pieces {
      let blocks = (0..<cut.blockCount(of: piece)).map { cut.block($0, of: piece) }
      #expect(blocks.map(\.length).reduce(0, +) == cut.length(of: piece), "seed \(seed)")
      for (number, block) in blocks.enumerated() { #expect(cut.blockNumber(of: block) == number) }
      // Not a byte beyond.
      let end = UInt32(cut.length(of: piece))
      #expect(cut.span(piece: UInt32(piece.value), offset: end - 1, length: 1) != nil)
      #expect(cut.span(piece: UInt32(piece.value), offset: end, length: 1) == nil)
      #expect(cut.span(piece: UInt32(piece.value), offset: end - 1, length: 2) == nil)
    }
  }

  @Test("Files that run through pieces have no such pieces, and one run of bytes is short at its end alone")
  func runningThrough() throws {
    let path = try #require(TorrentPath(["a"]))
    let layout = FileLayout(files: [
      FileEntry(path: path, length: 5, offset: 0), FileEntry(path: path, length: 40_000, offset: 5),
    ])
    let geometry = try #require(PieceGeometry(totalLength: 40_005, pieceLength: 16_384))
    #expect(geometry.endingPieces(with: layout) == nil)
    #expect(geometry.shortPieces.map(\.value) == [2])
    #expect(try #require(PieceGeometry(totalLength: 32_768, pieceLength: 16_384)).shortPieces == [])
    #expect(PieceGeometry.empty.shortPieces == [])
  }
}
