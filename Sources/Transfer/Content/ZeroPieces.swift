import Metainfo
import Platform

/// Pieces that are known to be zeros without a look at them: they lie in holes of files, and in padding.
struct ZeroPieces {
  private let payload: Payload
  /// Digests of so many zeros: of a whole piece's, and of the last one's.
  private var digests: [Int: InlineArray<20, UInt8>] = [:]

  init(_ payload: Payload) { self.payload = payload }

  /// Whether the piece is one of them.
  func contain(_ piece: PieceIndex) throws(StorageError) -> Bool {
    var isHole = true
    try payload.extents.forEachPart(of: payload.range(of: piece)) { part throws(StorageError) in
      guard isHole, !part.isPadding else { return }
      let pin = try payload.pin(part.file)
      defer { payload.pool.unpin(pin) }
      let data = try payload.call("lseek", part.file) { () throws(Errno) in
        try payload.fileSystem.nextData(pin.descriptor, from: part.offset)
      }
      if let data, data < part.offset + part.length { isHole = false }
    }
    return isHole
  }

  /// Whether zeros are what the torrent wants there. O(bytes) for the first piece of a length, then O(1).
  mutating func match(_ piece: PieceIndex) -> Bool {
    PieceDigests(sha1: digest(payload.info.geometry.length(of: piece))).match(payload.info, piece)
  }

  private mutating func digest(_ length: Int) -> InlineArray<20, UInt8> {
    if let known = digests[length] { return known }
    var digest = SHA1()
    let zeros = [UInt8](repeating: 0, count: min(length, 64 << 10))
    var rest = length
    while rest > 0 {
      digest.update(zeros[..<min(rest, zeros.count)])
      rest -= min(rest, zeros.count)
    }
    let result = digest.finish()
    digests[length] = result
    return result
  }
}
