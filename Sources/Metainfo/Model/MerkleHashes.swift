/// What a torrent of version 2 or a hybrid says of its content (BEP 52): the SHA-256 hash trees of its files, cut
/// off at the height of a piece.
///
/// In these torrents every file starts at a piece, so that a piece belongs to one file and one array in the order of the
/// pieces holds the piece layers of all files.
public struct MerkleHashes: Hashable, Sendable {
  /// Bytes of a digest.
  public static let length = 32

  /// The root of each piece's part of its file's tree, 32 bytes each; for a file that is no longer than a piece
  /// this is the root of the file. Pieces in `gaps` are left out.
  public let layer: [UInt8]
  /// The root of each file of the layout, 32 bytes each; zeros for empty files and pad files, which have none.
  public let roots: [UInt8]

  /// The pieces of files that are longer than a piece and whose `piece layers` are missing, ascending. Those are no part of
  /// the info dictionary, so that a torrent that was made from a magnet link has none; the roots can still tell a whole
  /// file.
  public let gaps: [Range<Int>]
  /// How many pieces are in the gaps before each, and in all.
  private let missing: [Int]

  public init(layer: [UInt8], roots: [UInt8], gaps: [Range<Int>] = []) {
    self.layer = layer
    self.roots = roots
    self.gaps = gaps
    missing = gaps.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
  }

  /// The digest that the piece must have; empty when it isn't known. O(log gaps).
  public func hash(of piece: PieceIndex) -> ArraySlice<UInt8> { layer(of: piece.value..<piece.value + 1) }

  /// The digests of several pieces of one file, one after the other; empty when they aren't known. O(log gaps).
  public func layer(of pieces: Range<Int>) -> ArraySlice<UInt8> {
    // The first gap that ends behind the first of these pieces.
    var (low, high) = (0, gaps.count)
    while low < high {
      let middle = (low + high) / 2
      if gaps[middle].upperBound > pieces.lowerBound { high = middle } else { low = middle + 1 }
    }
    if low < gaps.count, gaps[low].contains(pieces.lowerBound) { return [] }
    let start = (pieces.lowerBound - missing[low]) * Self.length
    return layer[(start..<start + pieces.count * Self.length).clamped(to: layer.indices)]
  }

  /// The root of a file's hash tree; `nil` for an empty file and a pad file.
  public func root(of file: Int) -> ArraySlice<UInt8>? {
    let root = Self.slice(roots, file)
    return root.contains { $0 != 0 } ? root : nil
  }

  private static func slice(_ digests: [UInt8], _ index: Int) -> ArraySlice<UInt8> {
    digests[(index * length..<(index + 1) * length).clamped(to: digests.indices)]
  }
}
