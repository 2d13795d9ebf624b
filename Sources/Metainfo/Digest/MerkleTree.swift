/// The binary tree of SHA-256 hashes over a file (BEP 52): a leaf is the digest of 16 KiB of the file, the last of
/// what there is; a node is the digest of its two children's 64 bytes; leaves that the file doesn't have are 32
/// zero bytes.
///
/// The piece layer is the row of nodes that each cover one piece.
public enum MerkleTree {
  /// Bytes of a file under one leaf.
  public static let blockLength = 16 * 1024

  /// The root over `leaves`, 32 bytes each, padded with zero leaves to `leafCount`, a power of two (it is rounded up to
  /// one, and to the leaves there are): of a piece of a file with several pieces `pieceLength / blockLength`; of a
  /// file no longer than a piece as many as its leaves. No leaves give the root of zeros only. O(leaves).
  public static func root(of leaves: ArraySlice<UInt8>, paddedTo leafCount: Int) -> InlineArray<32, UInt8> {
    root(of: leaves, count: leafCount, padding: InlineArray(repeating: 0))
  }

  /// The root of a file from its piece layer, 32 bytes a piece: short of a power of two the layer is continued with
  /// the root of a piece of zero leaves. `pieceLength` is a power of two and at least `blockLength`. O(pieces).
  public static func root(ofPieceLayer layer: ArraySlice<UInt8>, pieceLength: Int) -> InlineArray<32, UInt8> {
    root(of: layer, count: 1, padding: root(of: [], paddedTo: pieceLength / blockLength))
  }

  /// The root over `nodes`, of which the ones missing to `count`, or to the next power of two if there are more, are
  /// all `padding`.
  private static func root(
    of nodes: ArraySlice<UInt8>, count: Int, padding: InlineArray<32, UInt8>
  ) -> InlineArray<32, UInt8> {
    var padding = padding
    var present = nodes.count / SHA256.length
    var row = [UInt8](nodes.prefix(present * SHA256.length))
    row.reserveCapacity(row.count + SHA256.length)
    // Nodes of the row that the padding would fill without end: only how many rows are left matters.
    var width = max(count, present, 1)
    while width > 1 {
      if present % 2 == 1 {
        for index in padding.indices { row.append(padding[index]) }
        present += 1
      }
      row.withUnsafeMutableBytes { row in
        SHA256.digests(
          of: UnsafeRawBufferPointer(row), messageLength: 2 * SHA256.length,
          into: UnsafeMutableRawBufferPointer(rebasing: row[..<(row.count / 2)]))
      }
      present /= 2
      row.removeSubrange((present * SHA256.length)...)
      padding = parent(of: padding, and: padding)
      width = width / 2 + width % 2
    }
    guard present > 0 else { return padding }
    var root = InlineArray<32, UInt8>(repeating: 0)
    for index in root.indices { root[index] = row[index] }
    return root
  }

  private static func parent(
    of left: InlineArray<32, UInt8>, and right: InlineArray<32, UInt8>
  ) -> InlineArray<32, UInt8> {
    var sha256 = SHA256()
    sha256.update(left.span.bytes)
    sha256.update(right.span.bytes)
    return sha256.finish()
  }
}
