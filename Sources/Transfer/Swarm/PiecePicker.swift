import Metainfo

/// Which piece to fetch next: the rarest that a peer has, among the pieces that are wanted and that nobody
/// fetches yet.
///
/// Pieces that can be picked stand in one array, sorted by how many peers have them, with the end of each run of
/// equal rarity noted. A change by one moves a piece across one border, so `have` costs O(1), and taking or
/// giving back a piece O(peers). Within a run the order is random: leechers that all start with one seeder
/// take different pieces and have something to give each other.
struct PiecePicker {
  /// Peers that have the piece, those that have all left out.
  private(set) var availability: [UInt16]
  /// Pieces that can be picked, by rising availability.
  private(set) var order: [Int32] = []
  /// Where a piece stands in `order`; -1 for a piece that can't be picked.
  private var position: [Int32]
  /// `ends[a]`: where in `order` the pieces of availability `a` end.
  private var ends: [Int] = [0]
  /// Peers that have every piece: they change nobody's order.
  private(set) var seedCount = 0
  /// Grows whenever a piece becomes pickable: while it stays, a search that was in vain need not be repeated.
  private(set) var version = 0

  /// Lowest number first instead of rarest first.
  let isSequential: Bool
  /// No piece below this one can be picked.
  private var lowest: Int

  init(pieceCount: Int, isSequential: Bool = false) {
    availability = Array(repeating: 0, count: pieceCount)
    position = Array(repeating: -1, count: pieceCount)
    self.isSequential = isSequential
    lowest = pieceCount
  }

  var isEmpty: Bool { order.isEmpty }
  var count: Int { order.count }

  func contains(_ piece: PieceIndex) -> Bool { position[piece.value] >= 0 }

  /// Makes a piece pickable, at a random place among the equally rare.
  mutating func insert(_ piece: PieceIndex, using random: inout some RandomNumberGenerator) {
    guard position[piece.value] < 0 else { return }
    version += 1
    lowest = min(lowest, piece.value)
    let a = Int(availability[piece.value])
    reserveRuns(through: a)
    // From the back: each run's first piece moves behind its last, which frees a place at the end of run `a`.
    order.append(Int32(piece.value))
    var hole = order.count - 1
    var run = ends.count - 1
    while run > a {
      let start = ends[run - 1]
      if start != hole { move(from: start, to: hole) }
      hole = start
      ends[run] += 1
      run -= 1
    }
    put(Int32(piece.value), at: hole)
    ends[a] += 1
    shuffleIn(hole, run: a, using: &random)
  }

  /// Takes a piece out: it is being fetched, or is there.
  mutating func remove(_ piece: PieceIndex) {
    guard position[piece.value] >= 0 else { return }
    var hole = Int(position[piece.value])
    position[piece.value] = -1
    for run in Int(availability[piece.value])..<ends.count {
      let last = ends[run] - 1
      if last != hole { move(from: last, to: hole) }
      hole = last
      ends[run] -= 1
    }
    order.removeLast()
    while lowest < position.count, position[lowest] < 0 { lowest += 1 }
  }

  /// One more peer has the piece.
  mutating func increment(_ piece: PieceIndex, using random: inout some RandomNumberGenerator) {
    let a = Int(availability[piece.value])
    guard a < Int(UInt16.max) else { return }
    availability[piece.value] += 1
    guard position[piece.value] >= 0 else { return }
    reserveRuns(through: a + 1)
    swapPlaces(Int(position[piece.value]), ends[a] - 1)
    ends[a] -= 1
    shuffleIn(ends[a], run: a + 1, using: &random)
  }

  /// One peer fewer has the piece.
  mutating func decrement(_ piece: PieceIndex, using random: inout some RandomNumberGenerator) {
    let a = Int(availability[piece.value])
    guard a > 0 else { return }
    availability[piece.value] -= 1
    guard position[piece.value] >= 0 else { return }
    swapPlaces(Int(position[piece.value]), ends[a - 1])
    ends[a - 1] += 1
    shuffleIn(ends[a - 1] - 1, run: a - 1, using: &random)
  }

  mutating func addSeed() { seedCount += 1 }
  mutating func removeSeed() { seedCount -= 1 }

  /// The best piece among those that `have` contains, or `nil`. O(pieces that are passed over).
  func pick(from have: Bitfield) -> PieceIndex? {
    if isSequential {
      return (lowest..<position.count).lazy.map { PieceIndex(unchecked: $0) }
        .first { contains($0) && have.contains($0) }
    }
    // A piece that nobody but seeds has is not among those of a peer that is no seed.
    for piece in have.isFull ? order[...] : order[ends[0]...] {
      let piece = PieceIndex(unchecked: Int(piece))
      if have.contains(piece) { return piece }
    }
    return nil
  }

  // MARK: Places

  private mutating func reserveRuns(through a: Int) {
    while ends.count <= a { ends.append(order.count) }
  }

  private mutating func put(_ piece: Int32, at place: Int) {
    order[place] = piece
    position[Int(piece)] = Int32(place)
  }

  private mutating func move(from: Int, to: Int) {
    put(order[from], at: to)
  }

  /// Gives the newcomer of a run a random place in it. All would fetch in one order otherwise, that of the bits in
  /// their common peers' bitfields.
  private mutating func shuffleIn(
    _ place: Int, run: Int, using random: inout some RandomNumberGenerator
  ) {
    let start = run == 0 ? 0 : ends[run - 1]
    swapPlaces(place, Int.random(in: start..<ends[run], using: &random))
  }

  private mutating func swapPlaces(_ a: Int, _ b: Int) {
    guard a != b else { return }
    let first = order[a]
    put(order[b], at: a)
    put(first, at: b)
  }

  /// The first thing that is wrong with the order, or `nil`. For tests. O(pieces).
  func brokenInvariant() -> String? {
    if ends.last != order.count { return "the last run ends at \(ends), of \(order.count)" }
    for (run, end) in ends.enumerated() {
      let start = run == 0 ? 0 : ends[run - 1]
      if start > end { return "run \(run) is negative" }
      for place in start..<end {
        let piece = Int(order[place])
        if Int(position[piece]) != place { return "piece \(piece) is not where it says" }
        if Int(availability[piece]) != run { return "piece \(piece) is in run \(run)" }
      }
    }
    return nil
  }
}
