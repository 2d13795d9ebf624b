/// How many pieces a thread takes side by side, and how much of each it reads at a time.
struct BatchShape: Hashable, Sendable {
  let lanes: Int
  /// Bytes; a multiple of a block unless pieces are shorter.
  let step: Int

  /// What a thread reads before it hashes, of all lanes together: must stay in a core's cache.
  static let bufferLength = 512 * 1024
  init(kinds: DigestKinds, pieceLength: Int) {
    if kinds.contains(.sha1) {
      lanes = SHA1Lanes.width
      step = min(Self.bufferLength / 8, pieceLength)
    } else {
      // The leaves of one piece are side by side already; short pieces are joined to have enough of them.
      step = min(Self.bufferLength, pieceLength)
      lanes = max(1, min(Self.bufferLength / max(step, MerkleTree.blockLength), 32))
    }
  }
}
