import Bencode

/// An input that lenient reading accepts with one warning, and strict reading refuses.
public struct SloppyBencode: CustomStringConvertible, Sendable {
  public let input: [UInt8]
  public let warning: BencodeWarning

  private init(_ input: String, _ code: BencodeWarning.Code, at offset: Int) {
    self.input = Array(input.utf8)
    warning = BencodeWarning(code, at: offset)
  }

  public var description: String { String(decoding: input, as: UTF8.self) }

  public static let all: [SloppyBencode] = [
    SloppyBencode("d1:ai12453e1:b3:aaa1:c3:bbb1:X10:0123456789e", .unsortedKeys, at: 27),
    SloppyBencode("d2:abi1e2:aai2ee", .unsortedKeys, at: 8),
    SloppyBencode("d2:bai1e2:aai2ee", .unsortedKeys, at: 8),
    SloppyBencode("d2:aai1e1:ai2ee", .unsortedKeys, at: 8),
    SloppyBencode("d1:\u{7F}i1e2:aai2ee", .unsortedKeys, at: 7),
    SloppyBencode("d1:ali1ee0:i2ee", .unsortedKeys, at: 9),
    SloppyBencode("ld1:bi1e1:ai2eee", .unsortedKeys, at: 8),
    SloppyBencode("d1:ad1:xi1ee1:ad1:yi1eee", .duplicateKey, at: 12),
    SloppyBencode("d2:aai1e2:aai2ee", .duplicateKey, at: 8),
    SloppyBencode("d0:i1e0:i2ee", .duplicateKey, at: 6),
    SloppyBencode("06:foobar", .leadingZero, at: 0),
    SloppyBencode("l001:xe", .leadingZero, at: 1),
    SloppyBencode("i01e", .leadingZero, at: 0),
    SloppyBencode("i-01e", .leadingZero, at: 0),
    SloppyBencode("i00e", .leadingZero, at: 0),
    SloppyBencode("i-0e", .negativeZero, at: 0),
  ]
}
