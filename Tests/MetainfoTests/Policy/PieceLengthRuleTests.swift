import Metainfo
import Testing

@Suite("Piece length rule")
struct PieceLengthRuleTests {
  @Test("the table of rule 1, which never changes")
  func table() {
    let mib = 1 << 20
    let cases: [(Int, Int)] = [
      (0, 16 << 10), (1, 16 << 10), (32 * mib, 16 << 10), (32 * mib + 1, 32 << 10), (64 * mib, 32 << 10),
      (1024 * mib, 512 << 10), (1024 * mib + 1, 1 << 20), (2048 * mib, 1 << 20), (16_384 * mib, 8 << 20),
      (32_768 * mib, 16 << 20), (32_768 * mib + 1, 16 << 20), (1 << 53, 16 << 20), (.max, 16 << 20),
    ]
    for (total, expected) in cases {
      #expect(PieceLengthRule.v1.pieceLength(totalLength: total) == expected, "\(total) bytes")
    }
  }

  @Test("what a person may choose")
  func accepts() {
    for length in [16 << 10, 1 << 20, 1 << 27] { #expect(PieceLengthRule.accepts(length)) }
    for length in [.min, -16384, 0, 8192, 16383, 16385, 48 << 10, 1 << 31, .max] {
      #expect(!PieceLengthRule.accepts(length))
    }
  }
}
