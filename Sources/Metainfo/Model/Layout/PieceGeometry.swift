/// All arithmetic about pieces and blocks of one torrent, in one place.
///
/// The content is one run of `totalLength` bytes, cut into pieces of `pieceLength` bytes of which the last may
/// be shorter; a piece is cut into blocks of 16 KiB of which the last may be shorter (BEP 3). Where pieces end with their
/// files (`endingPieces(with:)`) the last of each file may be shorter. Methods are O(1), and O(log files) in that case, and
/// can't overflow: the initialiser refuses sizes for which they could.
public struct PieceGeometry: Hashable, Sendable {
  /// The unit of a request: 16 KiB. Clients close the connection of a peer that asks for more.
  public static let blockLength = 16 * 1024

  /// No piece is longer than this: 1 GiB.
  public static let maximumPieceLength = 1 << 30
  /// No torrent is longer than this: 2^53 bytes (8 PiB), which also fits a JSON number.
  public static let maximumTotalLength = 1 << 53
  /// A piece number travels as 32 bits; 2^31 leaves the sign bit alone.
  public static let maximumPieceCount = 1 << 31

  /// Bytes of the whole content; 0 is possible (a torrent of empty files).
  public let totalLength: Int
  /// Bytes of every piece but the last.
  public let pieceLength: Int
  public let pieceCount: Int
  /// The pieces that end with their file before they are full, in order: a number, shifted by 32 bits, and the length.
  private var cut: [UInt64] = []

  /// No content at all.
  public static let empty = PieceGeometry(totalLength: 0, pieceLength: blockLength)!

  /// `nil` when a size is negative or beyond the limits above, or the piece length is 0.
  public init?(totalLength: Int, pieceLength: Int) {
    guard (0...Self.maximumTotalLength).contains(totalLength),
      (1...Self.maximumPieceLength).contains(pieceLength)
    else { return nil }
    let count = (totalLength + pieceLength - 1) / pieceLength
    guard count <= Self.maximumPieceCount else { return nil }
    self.totalLength = totalLength
    self.pieceLength = pieceLength
    self.pieceCount = count
  }

  /// The pieces of version 2, where every file starts at a piece, as peers know them (BEP 52): the last of a file ends with
  /// it, and what is between it and the next file is in no piece, so nobody asks for it. O(files)
  ///
  /// `nil` when a file that has a byte doesn't start at a piece. Pad files are what is left out.
  public func endingPieces(with files: FileLayout) -> PieceGeometry? {
    var geometry = self
    geometry.cut = []
    for index in files.files.indices where !files.files.isPadding(index) {
      let range = files.files.range(of: index)
      guard !range.isEmpty else { continue }
      guard range.lowerBound % pieceLength == 0 else { return nil }
      let rest = range.count % pieceLength
      if rest > 0 { geometry.cut.append(UInt64(range.upperBound / pieceLength) << 32 | UInt64(rest)) }
    }
    return geometry
  }

  /// The pieces that are shorter than others. O(files)
  public var shortPieces: [PieceIndex] {
    var short = cut.map { PieceIndex(unchecked: Int($0 >> 32)) }
    if let last = piece(pieceCount - 1), length(of: last) < pieceLength, short.last != last {
      short.append(last)
    }
    return short
  }

  /// The piece with the number `raw`, or `nil` when this torrent has no such piece.
  public func piece(_ raw: some BinaryInteger) -> PieceIndex? {
    guard let value = Int(exactly: raw), value >= 0, value < pieceCount else { return nil }
    return PieceIndex(unchecked: value)
  }

  /// Every piece, in order.
  public var pieces: some RandomAccessCollection<PieceIndex> {
    (0..<pieceCount).lazy.map { PieceIndex(unchecked: $0) }
  }

  /// Bytes of this piece: `pieceLength`, or less for the last, of the content or of a file.
  public func length(of piece: PieceIndex) -> Int {
    let length = min(pieceLength, totalLength - piece.value * pieceLength)
    return cut.isEmpty ? length : min(length, cutLength(of: piece))
  }

  private func cutLength(of piece: PieceIndex) -> Int {
    var (low, high) = (0, cut.count)
    while low < high {
      let middle = (low + high) / 2
      if Int(cut[middle] >> 32) < piece.value { low = middle + 1 } else { high = middle }
    }
    guard low < cut.count, Int(cut[low] >> 32) == piece.value else { return pieceLength }
    return Int(cut[low] & 0xFFFF_FFFF)
  }

  /// Where the piece starts, in bytes from the start of the content.
  public func offset(of piece: PieceIndex) -> Int {
    piece.value * pieceLength
  }

  /// Blocks of this piece.
  public func blockCount(of piece: PieceIndex) -> Int {
    (length(of: piece) + Self.blockLength - 1) / Self.blockLength
  }

  /// The `number`-th block of a piece; `number` is below `blockCount(of:)`.
  public func block(_ number: Int, of piece: PieceIndex) -> BlockSpan {
    let offset = number * Self.blockLength
    return BlockSpan(piece: piece, offset: offset, length: min(Self.blockLength, length(of: piece) - offset))
  }

  /// The number of the block that a span is, or `nil` when it does not start on a block's boundary or is not
  /// exactly that block's length: such a span was never requested by us.
  public func blockNumber(of span: BlockSpan) -> Int? {
    let (number, remainder) = span.offset.quotientAndRemainder(dividingBy: Self.blockLength)
    guard remainder == 0, number < blockCount(of: span.piece), block(number, of: span.piece) == span else {
      return nil
    }
    return number
  }

  /// The span that three numbers off the wire name, or `nil` unless it is at least one byte long and wholly
  /// inside a piece of this torrent.
  public func span(piece raw: UInt32, offset: UInt32, length: UInt32) -> BlockSpan? {
    guard let piece = piece(raw), length > 0 else { return nil }
    guard Int(offset) + Int(length) <= self.length(of: piece) else { return nil }
    return BlockSpan(piece: piece, offset: Int(offset), length: Int(length))
  }

  /// The pieces that touch a range of the content. An empty range touches none.
  public func pieces(touching range: Range<Int>) -> Range<Int> {
    let range = range.clamped(to: 0..<totalLength)
    guard !range.isEmpty else { return 0..<0 }
    return range.lowerBound / pieceLength..<(range.upperBound - 1) / pieceLength + 1
  }
}
