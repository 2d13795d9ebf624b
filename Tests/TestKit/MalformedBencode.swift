import Bencode

/// An input that no reading accepts.
public struct MalformedBencode: CustomStringConvertible, Sendable {
  public let input: [UInt8]
  public let code: BencodeError.Code
  public let offset: Int
  public var limits = BencodeLimits()

  public init(
    _ input: String, _ code: BencodeError.Code, at offset: Int, limits: BencodeLimits = BencodeLimits()
  ) {
    self.init(Array(input.utf8), code, at: offset, limits: limits)
  }

  public init(
    _ input: [UInt8], _ code: BencodeError.Code, at offset: Int, limits: BencodeLimits = BencodeLimits()
  ) {
    self.input = input
    self.code = code
    self.offset = offset
    self.limits = limits
  }

  public var description: String { String(decoding: input.prefix(40), as: UTF8.self) }

  /// Inputs of which other implementations' tests say that they are errors, with the same class of error.
  public static let shared: [MalformedBencode] = [
    // Dictionaries
    MalformedBencode("d1:ai1e1:be", .expectedValue, at: 10),
    MalformedBencode("di5e1:ae", .expectedDigit, at: 1),
    MalformedBencode("di2ei0ee", .expectedDigit, at: 1),
    MalformedBencode("df00:", .expectedDigit, at: 1),
    MalformedBencode("d1000:..e", .unexpectedEnd, at: 1),
    MalformedBencode("d1000:", .unexpectedEnd, at: 1),
    MalformedBencode("d1000", .expectedColon, at: 5),
    MalformedBencode("d1:ai1e1:b3:foo1:cli1ei2ee1:dd1:xi1-eee", .expectedDigit, at: 35),
    MalformedBencode("d1:ai1e1:b3:foo1:cli1ei2ee1:d-d1:xi1eee", .expectedValue, at: 29),
    MalformedBencode("d1:ai1e1:b3:foo1:cli1ei2ee-1:dd1:xi1eee", .expectedDigit, at: 26),
    MalformedBencode("d1:ai1e1:b3:foo1:cli1e-i2ee1:dd1:xi1eee", .expectedValue, at: 22),
    MalformedBencode(strayKeyByte, .expectedDigit, at: 81),
    // Lengths
    MalformedBencode("-10:foobar", .expectedValue, at: 0),
    MalformedBencode("18446744073709551615:foobar", .overflow, at: 19),
    MalformedBencode("9223372036854775808:", .overflow, at: 18),
    MalformedBencode("99999999:foobar", .unexpectedEnd, at: 0),
    MalformedBencode("199999999:foobar", .sizeLimit, at: 15, limits: BencodeLimits(size: 15)),
    MalformedBencode("100:..", .unexpectedEnd, at: 0),
    MalformedBencode("0o", .expectedColon, at: 1),
    MalformedBencode("928", .unexpectedEnd, at: 3),
    MalformedBencode("55", .unexpectedEnd, at: 2),
    MalformedBencode("d1:a1919191010:11111", .unexpectedEnd, at: 4),
    MalformedBencode("d2143289344:a4:aaaae", .unexpectedEnd, at: 1),
    MalformedBencode("d214328934114:a4:aaaae", .unexpectedEnd, at: 1),
    MalformedBencode("d9205357638345293824:a4:aaaae", .unexpectedEnd, at: 1),
    MalformedBencode("d1:a9205357638345293824:11111", .unexpectedEnd, at: 4),
    // Integers
    MalformedBencode("ie", .expectedDigit, at: 1),
    MalformedBencode("i-e", .expectedDigit, at: 2),
    MalformedBencode("i35412-5633e", .expectedDigit, at: 6),
    MalformedBencode("i92337203t854775807e", .expectedDigit, at: 9),
    MalformedBencode("i184467440737095516154e", .overflow, at: 21),
    MalformedBencode("i-", .unexpectedEnd, at: 2),
    MalformedBencode("i", .unexpectedEnd, at: 1),
    MalformedBencode("i10", .unexpectedEnd, at: 3),
    // Ends
    MalformedBencode("", .unexpectedEnd, at: 0),
    MalformedBencode("e", .unexpectedEnd, at: 0),
    MalformedBencode("l2:..", .unexpectedEnd, at: 5),
    MalformedBencode("l2:..0", .unexpectedEnd, at: 6),
    // Limits
    MalformedBencode("l3:fooe", .sizeLimit, at: 6, limits: BencodeLimits(size: 6)),
    MalformedBencode(
      String(repeating: "l", count: 1024) + String(repeating: "e", count: 1024), .depthLimit, at: 100),
    MalformedBencode(
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
  public static let numbers: [MalformedBencode] = [
    MalformedBencode("9999999999999999999:", .overflow, at: 18),
    MalformedBencode(String(repeating: "7", count: 40) + ":", .overflow, at: 19),
    MalformedBencode(String(repeating: "0", count: 40) + "1:x", .overflow, at: 0),
    MalformedBencode("00:", .zeroLength, at: 0),
    MalformedBencode("-0:", .expectedValue, at: 0),
    MalformedBencode("+1:x", .expectedValue, at: 0),
    MalformedBencode(" 1:x", .expectedValue, at: 0),
    MalformedBencode("1 :x", .expectedColon, at: 1),
    MalformedBencode("1", .unexpectedEnd, at: 1),
    MalformedBencode("i+1e", .expectedDigit, at: 1),
    MalformedBencode("i 1e", .expectedDigit, at: 1),
    MalformedBencode("i--1e", .expectedDigit, at: 2),
    MalformedBencode("i0x10e", .expectedDigit, at: 2),
    MalformedBencode("i1.0e", .expectedDigit, at: 2),
    MalformedBencode("i-" + String(repeating: "9", count: 21) + "e", .overflow, at: 22),
    MalformedBencode("i" + String(repeating: "0", count: 21) + "e", .overflow, at: 21),
  ]
}
