extension LintSubject {
  /// More pieces than this are too many, unless they are as long as the rule makes them.
  static let comfortablePieceCount = 20_000

  func checkPieces(_ tally: inout LintTally) {
    let length = geometry.pieceLength
    let count = geometry.pieceCount
    if count >= Self.refusedPieceCount {
      tally.add(.tooManyPieces, "\(count) pieces: clients refuse \(Self.refusedPieceCount) and more")
    } else if count > Self.comfortablePieceCount, length < PieceLengthRule.range.upperBound {
      let better = PieceLengthRule.current.pieceLength(totalLength: geometry.totalLength)
      tally.add(
        .smallPieceLength,
        "\(count) pieces of \(length) bytes: pieces of \(better) bytes would suit the content")
    }
    if length < PieceGeometry.blockLength {
      tally.add(
        .smallPieceLength, "piece length \(length): less than a block of \(PieceGeometry.blockLength)")
    }
    if length.nonzeroBitCount != 1 {
      tally.add(.unevenPieceLength, "piece length \(length): not a power of two")
    }
    if length > PieceLengthRule.range.upperBound {
      tally.add(.largePieceLength, "piece length \(length): more than \(PieceLengthRule.range.upperBound)")
    }
    if let torrentLength, torrentLength > Self.torrentLengthLimit {
      tally.add(
        .torrentTooLarge,
        ".torrent of \(torrentLength) bytes: clients refuse more than \(Self.torrentLengthLimit)")
    }
    checkContent(&tally)
  }

  private func checkContent(_ tally: inout LintTally) {
    var padding = 0
    for file in layout.files where file.isPadding { padding += file.length }
    if layout.totalLength == padding { tally.add(.emptyContent, "no content: every file is empty") }
    // A quarter of what is downloaded, in clients that don't know about padding. Version 2 has none: what stands in
    // the layout is there for our own arithmetic.
    if format.hasPieceHashes, padding > 0, padding >= layout.totalLength / 4 {
      tally.add(.muchPadding, "\(padding) of \(layout.totalLength) bytes are padding")
    }
  }
}
