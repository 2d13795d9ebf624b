import Bencode
import TestKit
import Testing

@Suite struct MalformedTests {
  @Test("B01 inputs that other implementations refuse", arguments: MalformedBencode.shared)
  func shared(_ input: MalformedBencode) { check(input) }

  @Test("B06 numbers out of range or written wrongly", arguments: MalformedBencode.numbers)
  func numbers(_ input: MalformedBencode) { check(input) }

  private func check(_ malformed: MalformedBencode) {
    for reading in [BencodeDocument.Reading.lenient, .strict] {
      #expect(throws: BencodeError(malformed.code, at: malformed.offset)) {
        _ = try BencodeDocument(malformed.input, limits: malformed.limits, reading: reading)
      }
    }
  }

  @Test("An error says what and where")
  func description() {
    #expect(BencodeError(.expectedColon, at: 12).description == "expected a colon at byte 12")
    let strict = BencodeError(.notCanonical(.unsortedKeys), at: 4)
    #expect(strict.description == "unsorted dictionary keys at byte 4")
  }

  @Test(
    "B07 integers at the edge of 64 bits",
    arguments: [
      ("i-0e", 0), ("i00e", 0), ("i0e", 0), ("i-1e", -1), ("i0012e", 12),
      ("i9223372036854775807e", Int64.max), ("i-9223372036854775808e", Int64.min),
      ("i-9223372036854775807e", -Int64.max),
      ("i9223372036854775808e", nil), ("i-9223372036854775809e", nil),
      ("i18446744073709551615e", nil), ("i99999999999999999999e", nil), ("i-99999999999999999999e", nil),
    ] as [(String, Int64?)])
  func integers(text: String, value: Int64?) throws {
    let root = try BencodeDocument(Array(text.utf8)).root
    #expect(root.kind == .integer)
    #expect(root.integer == value)
    #expect(root.range == 0..<text.utf8.count)
  }

  @Test("B07 ten million digits")
  func endlessInteger() {
    let bytes = [UInt8(ascii: "i")] + [UInt8](repeating: UInt8(ascii: "9"), count: 9_999_998) + [101]
    #expect(throws: BencodeError(.overflow, at: 21)) { _ = try BencodeDocument(bytes) }
    let length = [UInt8](repeating: UInt8(ascii: "9"), count: 9_999_999) + [58]
    #expect(throws: BencodeError(.overflow, at: 18)) { _ = try BencodeDocument(length) }
  }
}
