import Metainfo

/// A set of pieces of one torrent, a bit each.
public struct Bitfield: Hashable, Sendable {
  /// Pieces of the torrent.
  public let pieceCount: Int
  /// Pieces in the set.
  public private(set) var count: Int
  /// Bits from the lowest of the first word on; those behind the last piece are 0.
  private(set) var words: [UInt64]

  /// The empty set.
  public init(pieceCount: Int) {
    self.pieceCount = pieceCount
    count = 0
    words = Array(repeating: 0, count: (pieceCount + 63) / 64)
  }

  /// - Parameter words: Enough of them for the pieces, and nothing behind the last one.
  init(pieceCount: Int, words: [UInt64]) {
    self.pieceCount = pieceCount
    self.words = words
    count = words.reduce(0) { $0 + $1.nonzeroBitCount }
  }

  /// The set of all pieces.
  public init(allOf pieceCount: Int) {
    self.init(pieceCount: pieceCount)
    for i in words.indices { words[i] = .max }
    if pieceCount % 64 != 0, !words.isEmpty { words[words.count - 1] = (1 << UInt64(pieceCount % 64)) - 1 }
    count = pieceCount
  }

  public var isEmpty: Bool { count == 0 }
  public var isFull: Bool { count == pieceCount }

  /// Whether the piece is in it.
  public func contains(_ piece: PieceIndex) -> Bool {
    words[piece.value / 64] >> UInt64(piece.value % 64) & 1 != 0
  }

  /// Adds a piece; says whether it was not there before.
  @discardableResult
  public mutating func insert(_ piece: PieceIndex) -> Bool {
    let bit: UInt64 = 1 << UInt64(piece.value % 64)
    guard words[piece.value / 64] & bit == 0 else { return false }
    words[piece.value / 64] |= bit
    count += 1
    return true
  }

  /// Takes a piece out; false when it was not in.
  @discardableResult
  public mutating func remove(_ piece: PieceIndex) -> Bool {
    let bit: UInt64 = 1 << UInt64(piece.value % 64)
    guard words[piece.value / 64] & bit != 0 else { return false }
    words[piece.value / 64] &= ~bit
    count -= 1
    return true
  }

  /// How many pieces are in this set and in the other, of the same torrent. O(pieces / 64).
  public func count(in other: Bitfield) -> Int {
    var result = 0
    for i in words.indices { result += (words[i] & other.words[i]).nonzeroBitCount }
    return result
  }

  /// The pieces that are in this set and not in the other, of the same torrent. O(pieces / 64).
  public func subtracting(_ other: Bitfield) -> Bitfield {
    var result = self
    for i in words.indices { result.words[i] &= ~other.words[i] }
    result.count = result.words.reduce(0) { $0 + $1.nonzeroBitCount }
    return result
  }

  /// The pieces in the set, in order. O(pieces / 64 + count).
  public func forEach(_ body: (PieceIndex) -> Void) {
    for i in words.indices {
      var word = words[i]
      while word != 0 {
        body(PieceIndex(unchecked: i * 64 + word.trailingZeroBitCount))
        word &= word - 1
      }
    }
  }
}
