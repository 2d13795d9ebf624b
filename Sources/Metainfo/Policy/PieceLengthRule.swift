/// How long a piece is when nobody says.
///
/// A rule that has been released never changes: the same content must go on having the same info-hash. Another
/// idea of what is best becomes a case of its own.
public enum PieceLengthRule: Int, Sendable, CaseIterable {
  /// The smallest power of two, from 16 KiB to 16 MiB, that cuts the content into at most 2,048 pieces. That
  /// keeps the .torrent below about 40 KiB up to 32 GiB of content, and a piece small enough to be fetched,
  /// checked and passed on soon.
  ///
  /// | content up to | piece |
  /// |---|---|
  /// | 32 MiB | 16 KiB |
  /// | 1 GiB | 512 KiB |
  /// | 2 GiB | 1 MiB |
  /// | 16 GiB | 8 MiB |
  /// | 32 GiB and more | 16 MiB |
  case v1 = 1

  public static let current = PieceLengthRule.v1

  /// What a rule chooses from, in bytes.
  public static let range = 16 * 1024...16 * 1024 * 1024
  static let desiredPieceCount = 2048

  /// Bytes of a piece for this many bytes of content.
  public func pieceLength(totalLength: Int) -> Int {
    var length = Self.range.lowerBound
    while length < Self.range.upperBound,
      totalLength / length + (totalLength % length).signum() > Self.desiredPieceCount
    {
      length *= 2
    }
    return length
  }

  /// Bytes of a piece for content whose length nobody knows before its end: 1 MiB. A disk image of 4 GiB then has
  /// 4,096 pieces, and the .torrent of a stream of 500 GB is still below the 10 MB that readers take.
  public static let streamedPieceLength = 1 << 20

  /// What a person may choose: 16 KiB, which is a block and so the unit of requests, to 128 MiB, the longest that
  /// clients in use load.
  public static let accepted = PieceGeometry.blockLength...128 * 1024 * 1024

  /// Whether a length that a person chose can be used: a power of two within `accepted`.
  public static func accepts(_ length: Int) -> Bool {
    accepted.contains(length) && length.nonzeroBitCount == 1
  }
}
