/// A run of bytes within one piece: what a BEP 3 `request`, `piece` or `cancel` message names.
///
/// A span that came out of `PieceGeometry` lies inside its piece.
public struct BlockSpan: Hashable, Sendable {
  public let piece: PieceIndex
  /// Bytes from the start of the piece.
  public let offset: Int
  /// Bytes; at least 1.
  public let length: Int

  public init(piece: PieceIndex, offset: Int, length: Int) {
    self.piece = piece
    self.offset = offset
    self.length = length
  }
}
