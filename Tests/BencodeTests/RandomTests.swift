import Bencode
import TestKit
import Testing

@Suite struct RandomTests {
  @Test("B08 every prefix of a value is an error")
  func prefixes() {
    let bytes = NodeTests.sample
    for count in bytes.indices {
      #expect(throws: BencodeError.self) { _ = try BencodeDocument(bytes[..<count]) }
    }
  }

  @Test("B12 every flipped bit is an error or leaves a consistent document")
  func bitFlips() {
    for bit in 0..<NodeTests.sample.count * 8 {
      var bytes = NodeTests.sample
      bytes[bit / 8] ^= 1 << (bit % 8)
      checkConsistency(bytes)
    }
  }

  @Test("B12 random trees come back from their encoding", arguments: 0..<20)
  func trees(round: Int) throws {
    let seed = UInt64.random(in: .min ... .max)
    var random = SeededGenerator(seed: seed)
    for _ in 0..<100 {
      let value = tree(depth: 5, using: &random)
      let document = try BencodeDocument(value.encoded(), reading: .strict)
      #expect(BencodeValue(document.root) == value, "seed \(seed)")
      #expect(BencodeValue(document.root)?.encoded() == document.bytes, "seed \(seed)")
    }
  }

  @Test("B12 random bytes and damaged trees never break the reader", arguments: 0..<20)
  func damage(round: Int) {
    let seed = UInt64.random(in: .min ... .max)
    var random = SeededGenerator(seed: seed)
    let alphabet = Array("0123456789ilde:-ax".utf8)
    for _ in 0..<200 {
      var bytes = tree(depth: 4, using: &random).encoded()
      for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
        let index = Int.random(in: bytes.indices, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[index] = .random(in: .min ... .max, using: &random)
        case 1: bytes.insert(alphabet.randomElement(using: &random) ?? 0, at: index)
        default: bytes.remove(at: index)
        }
      }
      checkConsistency(bytes, "seed \(seed)")
      let soup = (0..<24).map { _ in alphabet.randomElement(using: &random) ?? 0 }
      checkConsistency(soup, "seed \(seed)")
    }
  }

  /// What must hold of any bytes that are accepted.
  private func checkConsistency(_ bytes: [UInt8], _ comment: Comment? = nil) {
    guard let document = try? BencodeDocument(bytes) else { return }
    var open = [document.root]
    while let node = open.popLast() {
      let children = node.elements.map { $0 } + node.entries.map(\.value)
      #expect(node.kind == .list || node.kind == .dictionary || children.isEmpty, comment)
      #expect(children.allSatisfy { node.range.contains($0.range) }, comment)
      #expect(node.count == children.count, comment)
      // A value's raw bytes are a document of their own.
      #expect((try? BencodeDocument(node.rawBytes))?.bytes.count == node.range.count, comment)
      open += children
    }
    let accepts = (try? BencodeDocument(bytes, reading: .strict)) != nil
    #expect(accepts == document.warnings.isEmpty, comment)
    guard let value = BencodeValue(document.root) else { return }
    let encoded = value.encoded()
    let again = try? BencodeDocument(encoded, reading: .strict)
    #expect(again.flatMap { BencodeValue($0.root) } == value, comment)
    if accepts { #expect(encoded == bytes, comment) }
  }

  private func tree(depth: Int, using random: inout SeededGenerator) -> BencodeValue {
    let size = Int.random(in: 0..<5, using: &random)
    switch Int.random(in: 0..<(depth == 0 ? 2 : 4), using: &random) {
    case 0:
      let shift = Int64.random(in: 0..<64, using: &random)
      return .integer(.random(in: .min ... .max, using: &random) >> shift)
    case 1: return .string(content(using: &random))
    case 2: return .list((0..<size).map { _ in tree(depth: depth - 1, using: &random) })
    default:
      let entries = (0..<size).map { _ in
        (content(using: &random), tree(depth: depth - 1, using: &random))
      }
      return .dictionary(Dictionary(entries, uniquingKeysWith: { $1 }))
    }
  }

  private func content(using random: inout SeededGenerator) -> [UInt8] {
    (0..<Int.random(in: 0..<12, using: &random)).map { _ in .random(in: .min ... .max, using: &random) }
  }
}
