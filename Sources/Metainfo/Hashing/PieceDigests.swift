/// What a piece hashes to; of each kind that was not asked for, `nil`.
package struct PieceDigests: Sendable {
  /// SHA-1 of the piece.
  package var sha1: InlineArray<20, UInt8>?
  /// The root of the tree over the piece's blocks of 16 KiB, as `MerkleHashes.layer` has it: of a file that fits one
  /// piece this is the root of the file.
  package var root: InlineArray<32, UInt8>?

  package init(sha1: InlineArray<20, UInt8>? = nil, root: InlineArray<32, UInt8>? = nil) {
    self.sha1 = sha1
    self.root = root
  }
}

extension PieceDigests {
  /// Whether every digest that was taken, and at least one was, is what the torrent says of the piece.
  package func match(_ info: Info, _ piece: PieceIndex) -> Bool {
    guard sha1 != nil || root != nil else { return false }
    return (sha1.map { Self.areEqual($0.span, info.hash(of: piece)) } ?? true)
      && (root.map { Self.areEqual($0.span, info.merkle?.hash(of: piece) ?? []) } ?? true)
  }

  private static func areEqual(_ digest: Span<UInt8>, _ expected: ArraySlice<UInt8>) -> Bool {
    digest.count == expected.count && zip(digest.indices, expected).allSatisfy { digest[$0] == $1 }
  }
}
