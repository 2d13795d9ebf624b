/// A deviation from the one canonical form (BEP 3) that leaves no doubt about the meaning. Lenient reading
/// reports it, strict reading refuses it.
public struct BencodeWarning: Hashable, Sendable {
  /// The ways to deviate.
  public enum Code: Hashable, Sendable {
    /// A key sorts before the one in front of it.
    case unsortedKeys
    /// A key equals the one in front of it; lookups find the first.
    case duplicateKey
    /// A length or an integer starts with a zero it doesn't need.
    case leadingZero
    /// The integer `-0`.
    case negativeZero
    /// The value ends before the bytes do.
    case trailingBytes
  }

  public let code: Code
  /// Bytes from the start of the document.
  public let offset: Int

  /// A document reports no more than this many, unless `BencodeLimits.warnings` asks for more.
  public static let maximumCount = 100

  public init(_ code: Code, at offset: Int) {
    self.code = code
    self.offset = offset
  }
}

extension BencodeWarning: CustomStringConvertible {
  /// For example "unsorted dictionary keys at byte 40".
  public var description: String { "\(code) at byte \(offset)" }
}

extension BencodeWarning.Code: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unsortedKeys: "unsorted dictionary keys"
    case .duplicateKey: "duplicate dictionary key"
    case .leadingZero: "number with a leading zero"
    case .negativeZero: "negative zero"
    case .trailingBytes: "bytes after the end"
    }
  }
}
