import Metainfo

/// The pieces under way, in no particular order, each found in O(1): with pieces of one block there are thousands.
struct ActivePieces: RandomAccessCollection {
  private var pieces: [ActivePiece] = []
  /// Where a piece stands in `pieces`; -1 for one that is not under way.
  private var places: [Int32]

  init(pieceCount: Int) { places = Array(repeating: -1, count: pieceCount) }

  var startIndex: Int { 0 }
  var endIndex: Int { pieces.count }

  subscript(index: Int) -> ActivePiece {
    _read { yield pieces[index] }
    _modify { yield &pieces[index] }
  }

  func firstIndex(of piece: PieceIndex) -> Int? {
    let place = places[piece.value]
    return place < 0 ? nil : Int(place)
  }

  mutating func append(_ piece: ActivePiece) {
    places[piece.piece.value] = Int32(pieces.count)
    pieces.append(piece)
  }

  /// Takes a piece out; another gets its index.
  @discardableResult
  mutating func remove(at index: Int) -> ActivePiece {
    let last = pieces.removeLast()
    places[last.piece.value] = Int32(index)
    guard index < pieces.count else {
      places[last.piece.value] = -1
      return last
    }
    let removed = pieces[index]
    pieces[index] = last
    places[removed.piece.value] = -1
    return removed
  }
}
