/// Why bytes are not bencode, and where.
public struct BencodeError: Error, Hashable, Sendable {
  /// What is wrong.
  public enum Code: Hashable, Sendable {
    /// The bytes end inside a value; or there was no value to end.
    case unexpectedEnd
    /// A key's length, a length or an integer has a character that is no digit, or no digit at all.
    case expectedDigit
    /// A string's length isn't followed by a colon.
    case expectedColon
    /// Neither `i`, `l`, `d` nor a digit; or a key without a value.
    case expectedValue
    /// A length beyond 63 bits, or an integer of more than 20 digits.
    case overflow
    /// A length of zero that isn't written as a single `0`.
    case zeroLength
    /// More lists and dictionaries inside one another than `BencodeLimits.depth`.
    case depthLimit
    /// More tokens than `BencodeLimits.tokens`.
    case tokenLimit
    /// More bytes than `BencodeLimits.size`.
    case sizeLimit
    /// Something that lenient reading only warns about, met in strict reading.
    case notCanonical(BencodeWarning.Code)
  }

  public let code: Code
  /// Bytes from the start of the document.
  public let offset: Int

  public init(_ code: Code, at offset: Int) {
    self.code = code
    self.offset = offset
  }
}

extension BencodeError: CustomStringConvertible {
  /// For example "expected a colon at byte 12".
  public var description: String { "\(code) at byte \(offset)" }
}

extension BencodeError.Code: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unexpectedEnd: "unexpected end"
    case .expectedDigit: "expected a digit"
    case .expectedColon: "expected a colon"
    case .expectedValue: "expected a value"
    case .overflow: "number out of range"
    case .zeroLength: "length of zero with more than one digit"
    case .depthLimit: "too many levels of lists and dictionaries"
    case .tokenLimit: "too many values"
    case .sizeLimit: "too many bytes"
    case .notCanonical(let code): "\(code)"
    }
  }
}
