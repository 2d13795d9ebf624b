/// What a piece holds in the eyes of BEP 52, where a piece is of one file alone and pad files don't exist.
struct PieceContent: Hashable, Sendable {
  /// Bytes of the file in this piece, from its start; what follows is padding.
  let length: Int
  /// Leaves of the piece's tree with those that are missing: a power of two.
  let leafCount: Int

  /// O(log files).
  init(of piece: PieceIndex, layout: FileLayout, geometry: PieceGeometry) {
    let start = geometry.offset(of: piece)
    guard let span = layout.spans(of: start..<start + 1).first, !layout.files[span.file].isPadding else {
      (length, leafCount) = (0, 1)
      return
    }
    let file = layout.files[span.file]
    length = min(geometry.length(of: piece), file.length - span.offset)
    // A file that fits a piece has a tree as small as it can be; any other's is cut into rows of whole pieces.
    let treeLength = min(file.length, geometry.pieceLength)
    var count = 1
    while count < (treeLength + MerkleTree.blockLength - 1) / MerkleTree.blockLength { count *= 2 }
    leafCount = count
  }
}
