import Metainfo
import Testing

@testable import Transfer

/// Pictures: a column is a piece, a row a peer; `x` is a piece that it has, `.` one that it lacks.
@Suite("Piece picker")
struct PiecePickerTests {
  private func set(_ row: String) -> Bitfield {
    var set = Bitfield(pieceCount: row.count)
    for (index, character) in row.enumerated() where character == "x" {
      set.insert(PieceIndex(unchecked: index))
    }
    return set
  }

  /// A picker that knows these peers; pieces that are wanted are `x` in `wanted`.
  private func picker(
    _ peers: [String], wanted: String, isSequential: Bool = false, seed: UInt64 = 1
  ) -> PiecePicker {
    var picker = PiecePicker(pieceCount: wanted.count, isSequential: isSequential)
    var random = SplitMix64(seed: seed)
    set(wanted).forEach { picker.insert($0, using: &random) }
    for peer in peers.map(set) {
      picker.add(peer, using: &random)
    }
    #expect(picker.brokenInvariant() == nil)
    return picker
  }

  /// What is picked from a peer, one after the other, until nothing is left. Equally rare pieces are sorted.
  private func picks(_ picker: PiecePicker, from peer: String) -> [[Int]] {
    var picker = picker
    var runs: [(rarity: UInt16, pieces: [Int])] = []
    while let piece = picker.pick(from: set(peer)) {
      let rarity = picker.availability[piece.value]
      if runs.last?.rarity != rarity { runs.append((rarity, [])) }
      runs[runs.count - 1].pieces.append(piece.value)
      picker.remove(piece)
      #expect(picker.brokenInvariant() == nil)
    }
    return runs.map { $0.pieces.sorted() }
  }

  @Test("The rarest first, among those that the peer has and that are wanted")
  func rarestFirst() {
    let peers = [
      "xxx...x.",
      "xx..x.x.",
      "x..x..xx",
    ]
    let everything = picker(peers, wanted: "xxxxxxxx")
    #expect(picks(everything, from: "xxxxxxxx") == [[5], [2, 3, 4, 7], [1], [0, 6]])
    #expect(picks(everything, from: peers[0]) == [[2], [1], [0, 6]])
    let some = picker(peers, wanted: "x.x.x.x.")
    #expect(picks(some, from: "xxxxxxxx") == [[2, 4], [0, 6]])
    #expect(picks(some, from: peers[2]) == [[0, 6]])
    #expect(picks(some, from: "...x.x.x") == [])
  }

  @Test("Seeds change nobody's order")
  func seeds() {
    let peers = ["xx..", "x..."]
    let withSeeds = picker(peers + ["xxxx", "xxxx"], wanted: "xxxx")
    #expect(picks(withSeeds, from: "xxxx") == [[2, 3], [1], [0]])
    #expect(withSeeds.seedCount == 2)
  }

  @Test("Sequential: lowest first, whatever the rarity")
  func sequential() {
    let picker = picker(["x.xx", "x..."], wanted: "x.xx", isSequential: true)
    var order: [Int] = []
    var rest = picker
    while let piece = rest.pick(from: set("xxxx")) {
      order.append(piece.value)
      rest.remove(piece)
    }
    #expect(order == [0, 2, 3])
    var random = SplitMix64(seed: 1)
    rest.insert(PieceIndex(unchecked: 1), using: &random)
    #expect(rest.pick(from: set("xxxx")) == PieceIndex(unchecked: 1))
    #expect(rest.pick(from: set("x.xx")) == nil)
  }

  @Test("Equally rare pieces come in an order of chance, each equally often first")
  func chance() {
    var first = [Int](repeating: 0, count: 4)
    for seed in 0..<4000 {
      var picker = picker(["xxxx....", ".xxxx...", "......xx"], wanted: "xxxxx...", seed: UInt64(seed))
      var random = SplitMix64(seed: UInt64(seed))
      // Pieces 1 to 3 have come up to two, piece 0 joins them, and piece 4 leaves.
      picker.increment(PieceIndex(unchecked: 0), using: &random)
      picker.decrement(PieceIndex(unchecked: 4), using: &random)
      if let piece = picker.pick(from: set("xxxx....")) { first[piece.value] += 1 }
    }
    for count in first { #expect((850...1150).contains(count), "\(first)") }
  }

  @Test("A random walk agrees with a plain model after every step", arguments: [1, 2, 3] as [UInt64])
  func randomWalk(seed: UInt64) {
    let count = 40
    var random = SplitMix64(seed: seed)
    var picker = PiecePicker(pieceCount: count)
    var availability = [Int](repeating: 0, count: count)
    var wanted: Set<Int> = []
    for step in 0..<5_000 {
      let piece = Int.random(in: 0..<count, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0:
        picker.insert(PieceIndex(unchecked: piece), using: &random)
        wanted.insert(piece)
      case 1:
        picker.remove(PieceIndex(unchecked: piece))
        wanted.remove(piece)
      case 2:
        picker.increment(PieceIndex(unchecked: piece), using: &random)
        availability[piece] += 1
      default:
        picker.decrement(PieceIndex(unchecked: piece), using: &random)
        availability[piece] = max(0, availability[piece] - 1)
      }
      #expect(picker.brokenInvariant() == nil, "seed \(seed), step \(step)")
      #expect(picker.count == wanted.count && picker.isEmpty == wanted.isEmpty)
      var has = Bitfield(pieceCount: count)
      for piece in 0..<count where availability[piece] > 0 && Bool.random(using: &random) {
        has.insert(PieceIndex(unchecked: piece))
      }
      let rarest = wanted.filter { has.contains(PieceIndex(unchecked: $0)) }.map { availability[$0] }.min()
      let picked = picker.pick(from: has)
      #expect(picked.map { availability[$0.value] } == rarest, "seed \(seed), step \(step)")
      if let picked { #expect(wanted.contains(picked.value) && has.contains(picked)) }
    }
  }

  @Test("More peers than a count can hold do no harm")
  func saturation() {
    var picker = picker([], wanted: "xx")
    var random = SplitMix64(seed: 1)
    for _ in 0..<70_000 { picker.increment(PieceIndex(unchecked: 0), using: &random) }
    #expect(picker.brokenInvariant() == nil)
    for _ in 0..<70_000 { picker.decrement(PieceIndex(unchecked: 0), using: &random) }
    #expect(picker.brokenInvariant() == nil)
    #expect(picker.availability == [0, 0])
  }
}
