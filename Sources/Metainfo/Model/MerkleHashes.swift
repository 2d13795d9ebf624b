/// What a torrent of version 2 or a hybrid says of its content (BEP 52): the SHA-256 hash trees of its files, cut
/// off at the height of a piece.
///
/// In these torrents every file starts at a piece, so that a piece belongs to one file and one array by piece
/// number holds the piece layers of all files.
public struct MerkleHashes: Hashable, Sendable {
  /// Bytes of a digest.
  public static let length = 32

  /// The root of each piece's part of its file's tree, 32 bytes each; for a file that is no longer than a piece
  /// this is the root of the file. Zeros where it isn't known.
  public let layer: [UInt8]
  /// The root of each file of the layout, 32 bytes each; zeros for empty files and pad files, which have none.
  public let roots: [UInt8]

  /// How many files are longer than a piece and without the digests of their pieces. `piece layers` are no part of the
  /// info dictionary, so that a torrent that was made from a magnet link has none; the roots can still tell a whole file.
  public let filesWithoutLayer: Int

  public init(layer: [UInt8], roots: [UInt8], filesWithoutLayer: Int = 0) {
    self.layer = layer
    self.roots = roots
    self.filesWithoutLayer = filesWithoutLayer
  }

  /// The digest that the piece must have; empty when it isn't known.
  public func hash(of piece: PieceIndex) -> ArraySlice<UInt8> {
    let hash = Self.slice(layer, piece.value)
    return filesWithoutLayer == 0 || hash.contains { $0 != 0 } ? hash : []
  }

  /// The root of a file's hash tree; `nil` for an empty file and a pad file.
  public func root(of file: Int) -> ArraySlice<UInt8>? {
    let root = Self.slice(roots, file)
    return root.contains { $0 != 0 } ? root : nil
  }

  /// The digests of several pieces of one file, one after the other.
  public func layer(of pieces: Range<Int>) -> ArraySlice<UInt8> {
    let bytes = layer.indices
    return layer[
      (pieces.lowerBound * Self.length..<pieces.upperBound * Self.length).clamped(to: bytes)]
  }

  private static func slice(_ digests: [UInt8], _ index: Int) -> ArraySlice<UInt8> {
    digests[(index * length..<(index + 1) * length).clamped(to: digests.indices)]
  }
}
