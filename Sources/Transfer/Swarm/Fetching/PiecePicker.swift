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
  /// Of the pieces that can be picked those that no connected peer has. O(1)
  var unavailableCount: Int { seedCount == 0 ? ends[0] : 0 }
  /// Whether no connected peer has any of the pieces that can be picked. O(1)
  var isSpent: Bool { unavailableCount == order.count }

  /// Whether a connected peer has the piece. O(1)
  func isAvailable(_ piece: PieceIndex) -> Bool { seedCount > 0 || availability[piece.value] > 0 }

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

  /// Makes many pieces pickable. O(pieces)
  mutating func insert(contentsOf pieces: Bitfield, using random: inout some RandomNumberGenerator) {
    pieces.forEach { piece in
      guard position[piece.value] < 0 else { return }
      position[piece.value] = Int32(order.count)
      order.append(Int32(piece.value))
      lowest = min(lowest, piece.value)
    }
    version += 1
    sortAnew(using: &random)
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

  /// One more peer, with these pieces. O(pieces), or O(pieces in the set) where that is less.
  mutating func add(_ has: Bitfield, using random: inout some RandomNumberGenerator) {
    if has.isFull {
      seedCount += 1
    } else if isFew(has) {
      has.forEach { increment($0, using: &random) }
    } else {
      has.forEach { availability[$0.value] &+= availability[$0.value] < .max ? 1 : 0 }
      sortAnew(using: &random)
    }
  }

  /// One peer fewer, with these pieces. O(pieces), or O(pieces in the set) where that is less.
  mutating func remove(_ has: Bitfield, using random: inout some RandomNumberGenerator) {
    if has.isFull {
      seedCount -= 1
    } else if isFew(has) {
      has.forEach { decrement($0, using: &random) }
    } else {
      has.forEach { availability[$0.value] -= availability[$0.value] > 0 ? 1 : 0 }
      sortAnew(using: &random)
    }
  }

  /// Moving a piece costs as much as sorting about sixteen.
  private func isFew(_ has: Bitfield) -> Bool { has.count < order.count / 16 + 1 }

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

  /// Puts all pieces in order by their availability, and each run in random order. O(pieces)
  private mutating func sortAnew(using random: inout some RandomNumberGenerator) {
    ends = [0]
    for piece in order {
      let a = Int(availability[Int(piece)])
      while ends.count <= a { ends.append(0) }
      ends[a] += 1
    }
    var next: [Int] = []
    next.reserveCapacity(ends.count)
    var sum = 0
    for run in ends.indices {
      next.append(sum)
      sum += ends[run]
      ends[run] = sum
    }
    let before = order
    for piece in before {
      let a = Int(availability[Int(piece)])
      let start = a == 0 ? 0 : ends[a - 1]
      let place = next[a]
      next[a] += 1
      // Each newcomer changes places with a random one of those before it in its run, or stays.
      let chosen = start + Int(UInt64(place - start + 1).multipliedFullWidth(by: random.next()).high)
      if chosen != place { put(order[chosen], at: place) }
      put(piece, at: chosen)
    }
  }

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
