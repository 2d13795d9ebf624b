/// A set of pieces of one torrent, a bit for each.
struct PieceSet: Sendable {
  private var words: [UInt64]

  init(count: Int) { words = [UInt64](repeating: 0, count: (count + 63) / 64) }

  func contains(_ piece: Int) -> Bool { words[piece >> 6] & 1 << UInt64(piece & 63) != 0 }

  mutating func insert(_ piece: Int) { words[piece >> 6] |= 1 << UInt64(piece & 63) }
}

extension PieceSet {
  /// The pieces that hold bytes of more than one file, pad files not counted. O(files).
  init(sharedIn info: Info) {
    self.init(count: info.geometry.pieceCount)
    var previous = -1
    for file in info.files where !file.isPadding && file.length > 0 {
      let pieces = info.geometry.pieces(touching: file.range)
      if pieces.lowerBound == previous { insert(previous) }
      previous = pieces.upperBound - 1
    }
  }
}
