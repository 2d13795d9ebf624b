import Metainfo
import Testing

@testable import Transfer

@Suite("Bitfield")
struct BitfieldTests {
  static let sizes = [0, 1, 7, 8, 9, 63, 64, 65, 127, 128, 1000]

  @Test("Round trip of random sets", arguments: sizes)
  func roundTrip(size: Int) throws {
    var random = SplitMix64(seed: UInt64(size))
    for round in 0..<50 {
      var set = Bitfield(pieceCount: size)
      var model = Set<Int>()
      for piece in 0..<size where Int.random(in: 0..<3, using: &random) == 0 {
        let (isNew, isNewAgain) = (
          set.insert(PieceIndex(unchecked: piece)), set.insert(PieceIndex(unchecked: piece))
        )
        #expect(isNew && !isNewAgain)
        model.insert(piece)
      }
      for piece in 0..<size where Int.random(in: 0..<5, using: &random) == 0 {
        let (wasThere, expected) = (set.remove(PieceIndex(unchecked: piece)), model.remove(piece) != nil)
        #expect(wasThere == expected)
      }
      #expect(set.count == model.count, "size \(size), round \(round)")
      #expect((0..<size).allSatisfy { set.contains(PieceIndex(unchecked: $0)) == model.contains($0) })
      var visited: [Int] = []
      set.forEach { visited.append($0.value) }
      #expect(visited == model.sorted())
      #expect(set.packed.count == (size + 7) / 8)
      #expect(try Bitfield(packed: set.packed, pieceCount: size) == set)
      for piece in model { #expect(set.packed[piece / 8] & 0x80 >> UInt8(piece % 8) != 0) }
    }
  }

  @Test("The full set", arguments: sizes)
  func full(size: Int) throws {
    let all = Bitfield(allOf: size)
    #expect(all.isFull && all.count == size && all.isEmpty == (size == 0))
    var one = Bitfield(pieceCount: size)
    for piece in 0..<size { one.insert(PieceIndex(unchecked: piece)) }
    #expect(one == all)
    #expect(try Bitfield(packed: all.packed, pieceCount: size) == all)
    let none = Bitfield(pieceCount: size)
    #expect(all.count(in: all) == size && all.count(in: none) == 0 && none.count(in: all) == 0)
    #expect(all.subtracting(none) == all && all.subtracting(all) == none && none.subtracting(all) == none)
  }

  @Test("W05 one byte short, one byte long, or any spare bit set is refused", arguments: sizes)
  func malformed(size: Int) {
    let right = (size + 7) / 8
    for length in [right - 1, right + 1, right + 8] where length >= 0 {
      #expect(throws: WireError.bitfieldLength(got: length, needed: right)) {
        try Bitfield(packed: [UInt8](repeating: 0, count: length), pieceCount: size)
      }
    }
    for bit in size..<right * 8 {
      var packed = [UInt8](repeating: 0, count: right)
      packed[bit / 8] = 0x80 >> UInt8(bit % 8)
      #expect(throws: WireError.bitfieldSpareBits) { try Bitfield(packed: packed, pieceCount: size) }
    }
  }
}
