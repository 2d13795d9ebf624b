import Bencode
import Testing

/// An input that no reading accepts.
struct Malformed: CustomTestStringConvertible, Sendable {
  let input: [UInt8]
  let code: BencodeError.Code
  let offset: Int
  var limits = BencodeLimits()

  init(_ input: String, _ code: BencodeError.Code, at offset: Int, limits: BencodeLimits = BencodeLimits()) {
    self.init(Array(input.utf8), code, at: offset, limits: limits)
  }

  init(_ input: [UInt8], _ code: BencodeError.Code, at offset: Int, limits: BencodeLimits = BencodeLimits()) {
    self.input = input
    self.code = code
    self.offset = offset
    self.limits = limits
  }

  var testDescription: String { String(decoding: input.prefix(40), as: UTF8.self) }

  /// Inputs of which other implementations' tests say that they are errors, with the same class of error.
  static let shared: [Malformed] = [
    // Dictionaries
    Malformed("d1:ai1e1:be", .expectedValue, at: 10),
    Malformed("di5e1:ae", .expectedDigit, at: 1),
    Malformed("di2ei0ee", .expectedDigit, at: 1),
    Malformed("df00:", .expectedDigit, at: 1),
    Malformed("d1000:..e", .unexpectedEnd, at: 1),
    Malformed("d1000:", .unexpectedEnd, at: 1),
    Malformed("d1000", .expectedColon, at: 5),
    Malformed("d1:ai1e1:b3:foo1:cli1ei2ee1:dd1:xi1-eee", .expectedDigit, at: 35),
    Malformed("d1:ai1e1:b3:foo1:cli1ei2ee1:d-d1:xi1eee", .expectedValue, at: 29),
    Malformed("d1:ai1e1:b3:foo1:cli1ei2ee-1:dd1:xi1eee", .expectedDigit, at: 26),
    Malformed("d1:ai1e1:b3:foo1:cli1e-i2ee1:dd1:xi1eee", .expectedValue, at: 22),
    Malformed(strayKeyByte, .expectedDigit, at: 81),
    // Lengths
    Malformed("-10:foobar", .expectedValue, at: 0),
    Malformed("18446744073709551615:foobar", .overflow, at: 19),
    Malformed("9223372036854775808:", .overflow, at: 18),
    Malformed("99999999:foobar", .unexpectedEnd, at: 0),
    Malformed("199999999:foobar", .sizeLimit, at: 15, limits: BencodeLimits(size: 15)),
    Malformed("100:..", .unexpectedEnd, at: 0),
    Malformed("0o", .expectedColon, at: 1),
    Malformed("928", .unexpectedEnd, at: 3),
    Malformed("55", .unexpectedEnd, at: 2),
    Malformed("d1:a1919191010:11111", .unexpectedEnd, at: 4),
    Malformed("d2143289344:a4:aaaae", .unexpectedEnd, at: 1),
    Malformed("d214328934114:a4:aaaae", .unexpectedEnd, at: 1),
    Malformed("d9205357638345293824:a4:aaaae", .unexpectedEnd, at: 1),
    Malformed("d1:a9205357638345293824:11111", .unexpectedEnd, at: 4),
    // Integers
    Malformed("ie", .expectedDigit, at: 1),
    Malformed("i-e", .expectedDigit, at: 2),
    Malformed("i35412-5633e", .expectedDigit, at: 6),
    Malformed("i92337203t854775807e", .expectedDigit, at: 9),
    Malformed("i184467440737095516154e", .overflow, at: 21),
    Malformed("i-", .unexpectedEnd, at: 2),
    Malformed("i", .unexpectedEnd, at: 1),
    Malformed("i10", .unexpectedEnd, at: 3),
    // Ends
    Malformed("", .unexpectedEnd, at: 0),
    Malformed("e", .unexpectedEnd, at: 0),
    Malformed("l2:..", .unexpectedEnd, at: 5),
    Malformed("l2:..0", .unexpectedEnd, at: 6),
    // Limits
    Malformed("l3:fooe", .sizeLimit, at: 6, limits: BencodeLimits(size: 6)),
    Malformed(
      String(repeating: "l", count: 1024) + String(repeating: "e", count: 1024), .depthLimit, at: 100),
    Malformed(
      "l" + String(repeating: "0:", count: 5119) + "e", .tokenLimit, at: 1999,
      limits: BencodeLimits(tokens: 1000)),
  ]

  /// A DHT query in which bit errors have turned digits and ends into other bytes.
  static let strayKeyByte: [UInt8] = {
    let id = [UInt8](repeating: 0xA5, count: 20)
    var bytes = Array("d1:ad2:id20:".utf8) + id
    bytes += Array("9:info_ha".utf8) + [0xAE] + Array("h20:".utf8) + id
    bytes += Array("e1:q9:get_peerx".utf8) + [0xFF] + Array(":t8:........1:y1:qe".utf8)
    return bytes
  }()

  /// Numbers as other languages write them, and beyond what fits.
  static let numbers: [Malformed] = [
    Malformed("9999999999999999999:", .overflow, at: 18),
    Malformed(String(repeating: "7", count: 40) + ":", .overflow, at: 19),
    Malformed(String(repeating: "0", count: 40) + "1:x", .overflow, at: 0),
    Malformed("00:", .zeroLength, at: 0),
    Malformed("-0:", .expectedValue, at: 0),
    Malformed("+1:x", .expectedValue, at: 0),
    Malformed(" 1:x", .expectedValue, at: 0),
    Malformed("1 :x", .expectedColon, at: 1),
    Malformed("1", .unexpectedEnd, at: 1),
    Malformed("i+1e", .expectedDigit, at: 1),
    Malformed("i 1e", .expectedDigit, at: 1),
    Malformed("i--1e", .expectedDigit, at: 2),
    Malformed("i0x10e", .expectedDigit, at: 2),
    Malformed("i1.0e", .expectedDigit, at: 2),
    Malformed("i-" + String(repeating: "9", count: 21) + "e", .overflow, at: 22),
    Malformed("i" + String(repeating: "0", count: 21) + "e", .overflow, at: 21),
  ]
}

@Suite struct MalformedTests {
  @Test("B01 inputs that other implementations refuse", arguments: Malformed.shared)
  func shared(_ input: Malformed) { check(input) }

  @Test("B06 numbers out of range or written wrongly", arguments: Malformed.numbers)
  func numbers(_ input: Malformed) { check(input) }

  private func check(_ malformed: Malformed) {
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
