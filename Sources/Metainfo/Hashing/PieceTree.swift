/// The tree over one piece, built from its leaves in order. A long piece has many leaves (8,192 in 128 MiB), of
/// which no more than a subtree's are kept.
struct PieceTree: Sendable {
  /// Leaves under a node that is kept in their place: 1 MiB of the piece.
  static let subtreeLeaves = 64

  private var leaves: [UInt8] = []
  /// Roots of the subtrees that are whole.
  private var subtrees: [UInt8] = []

  /// Adds the digests of blocks, 32 bytes each.
  mutating func append(_ digests: UnsafeRawBufferPointer) {
    var rest = digests[...]
    while !rest.isEmpty {
      let taken = rest.prefix(Self.subtreeLeaves * SHA256.length - leaves.count)
      leaves.append(contentsOf: UnsafeRawBufferPointer(rebasing: taken))
      rest = rest[taken.endIndex...]
      if leaves.count == Self.subtreeLeaves * SHA256.length { fold() }
    }
  }

  /// Ends the piece and gives its root, where missing leaves up to `leafCount` (a power of two) are zeros. The value
  /// is then ready for another piece. O(log leafCount) when whole, else O(leafCount / 64).
  mutating func finish(leafCount: Int) -> InlineArray<32, UInt8> {
    defer {
      leaves.removeAll(keepingCapacity: true)
      subtrees.removeAll(keepingCapacity: true)
    }
    guard leafCount > Self.subtreeLeaves || !subtrees.isEmpty else {
      return MerkleTree.root(of: leaves[...], paddedTo: leafCount)
    }
    if !leaves.isEmpty { fold() }
    let missing = leafCount / Self.subtreeLeaves - subtrees.count / SHA256.length
    if missing > 0 {
      let zeros = MerkleTree.root(of: [], paddedTo: Self.subtreeLeaves)
      for _ in 0..<missing { for index in zeros.indices { subtrees.append(zeros[index]) } }
    }
    return MerkleTree.root(of: subtrees[...], paddedTo: leafCount / Self.subtreeLeaves)
  }

  private mutating func fold() {
    let root = MerkleTree.root(of: leaves[...], paddedTo: Self.subtreeLeaves)
    for index in root.indices { subtrees.append(root[index]) }
    leaves.removeAll(keepingCapacity: true)
  }
}
