/// How many pieces a thread takes side by side, and how much of each it reads at a time.
struct BatchShape: Hashable, Sendable {
  let lanes: Int
  /// Bytes; a multiple of a block unless pieces are shorter.
  let step: Int

  /// What a thread reads before it hashes, of all lanes together: must stay in a core's cache.
  static let bufferLength = 512 * 1024
  /// Pieces that are hashed side by side by SHA-1.
  static let sha1Lanes = 8

  init(kinds: DigestKinds, pieceLength: Int) {
    if kinds.contains(.sha1) {
      lanes = Self.sha1Lanes
      step = min(Self.bufferLength / Self.sha1Lanes, pieceLength)
    } else {
      // The leaves of one piece are side by side already; short pieces are joined to have enough of them.
      step = min(Self.bufferLength, pieceLength)
      lanes = max(1, min(Self.bufferLength / max(step, MerkleTree.blockLength), 32))
    }
  }
}
