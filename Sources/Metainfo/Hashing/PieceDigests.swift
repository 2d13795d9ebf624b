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
  /// Whether every digest that was taken and that the torrent knows, and there is one, is what it says of the piece.
  package func match(_ info: Info, _ piece: PieceIndex) -> Bool {
    let (v1, v2) = answers(info, piece)
    return (v1 ?? v2 ?? false) && (v2 ?? true)
  }

  /// What each digest says of the piece; `nil` for one that was not taken, or that the torrent doesn't know.
  func answers(_ info: Info, _ piece: PieceIndex) -> (v1: Bool?, v2: Bool?) {
    (
      sha1.flatMap { Self.equal($0.span, info.hash(of: piece)) },
      root.flatMap { Self.equal($0.span, info.merkle?.hash(of: piece) ?? []) }
    )
  }

  private static func equal(_ digest: Span<UInt8>, _ expected: ArraySlice<UInt8>) -> Bool? {
    expected.isEmpty
      ? nil : digest.count == expected.count && zip(digest.indices, expected).allSatisfy { digest[$0] == $1 }
  }
}
