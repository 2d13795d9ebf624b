/// Why text is not a magnet link that can be used, and where.
public struct MagnetError: Error, Hashable, Sendable {
  /// What is wrong.
  public enum Kind: Hashable, Sendable {
    /// It doesn't begin with `magnet:?`.
    case notMagnet
    /// Longer than `MagnetLink.maximumLength`.
    case tooLong
    /// A "%" in a hash that two hexadecimal digits don't follow.
    case invalidEscape
    /// No parameter has an info-hash.
    case missingInfoHash
    /// An info-hash of the wrong length, with other characters than digits, or of another digest.
    case invalidInfoHash
    /// Two info-hashes of the same version that differ.
    case conflictingInfoHashes
  }

  public let kind: Kind
  /// The parameter, such as `xt`; `nil` when it is about the whole.
  public let parameter: String?
  /// Bytes from the start of the link.
  public let offset: Int
  /// What is wrong, escaped, without a full stop.
  public let reason: String

  init(_ kind: Kind, parameter: String? = nil, at offset: Int = 0, _ reason: String) {
    self.kind = kind
    self.parameter = parameter
    self.offset = offset
    self.reason = reason
  }
}

extension MagnetError: CustomStringConvertible {
  /// One line, for example "xt at byte 8: 8 characters, not 40 hexadecimal or 32 base 32 digits".
  public var description: String { parameter.map { "\($0) at byte \(offset): \(reason)" } ?? reason }
}
