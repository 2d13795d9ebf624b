import Metainfo

/// A complete piece on its way to a worker: its digest is to be taken, and if it is right, it is to be stored.
struct PieceCheck: Sendable {
  let piece: PieceIndex
  let info: Info
  let buffer: PieceBuffer
  /// Fingerprints of the blocks are wanted even if the piece is right.
  let wantsFingerprints: Bool

  private var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: buffer.bytes.prefix(info.geometry.length(of: piece)))
  }

  /// Whether the pieces are right. Together: the processor takes several digests in little more than the time of one.
  static func areRight(_ checks: [PieceCheck]) -> [Bool] {
    zip(checks, SHA1.digests(of: checks.map(\.bytes))).map { $0.matches($1) }
  }

  private func matches(_ digest: InlineArray<20, UInt8>) -> Bool {
    info.hash(of: piece).elementsEqual(digest.indices.lazy.map { digest[$0] })
  }

  /// What comes of the check; a piece that is right is in its file by then. Also the pieces of which it has turned out
  /// meanwhile that they are not. Blocks.
  func outcome(
    isRight: Bool, storingIn payload: Payload
  ) throws(StorageError) -> (SwarmCore.CheckOutcome, lost: [PieceIndex]) {
    guard isRight else { return (.bad(fingerprints: fingerprints), []) }
    let stored = try payload.store(piece, bytes)
    return (.good(fingerprints: wantsFingerprints ? fingerprints : []), stored.lost)
  }

  /// The first eight bytes of each block's SHA-1: nobody can make two blocks that agree.
  private var fingerprints: [UInt64] {
    let geometry = info.geometry
    return (0..<geometry.blockCount(of: piece)).map { number in
      let digest = SHA1.digest(
        of: UnsafeRawBufferPointer(buffer.room(for: geometry.block(number, of: piece))))
      return (0..<8).reduce(0) { $0 << 8 | UInt64(digest[$1]) }
    }
  }
}
