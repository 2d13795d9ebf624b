/// Bytes that are known to be one bencoded value (BEP 3), with an index of what is where.
///
/// Values are decoded when they are asked for, and the bytes of each can be had as they stand, which is what
/// an info-hash is taken over. Copies share their storage.
public struct BencodeDocument: Sendable {
  /// How much deviation from the canonical form is let pass.
  public enum Reading: Hashable, Sendable {
    /// Accepts what deviates from the canonical form but can't be misunderstood, with a warning.
    case lenient
    /// Accepts the canonical form alone.
    case strict
  }

  let storage: Storage

  /// Scans the bytes. O(bytes), without recursion.
  public init(
    _ bytes: [UInt8], limits: BencodeLimits = BencodeLimits(), reading: Reading = .lenient
  ) throws(BencodeError) {
    var scanner = Scanner(limits: limits, reading: reading)
    let tokens = try scanner.scan(bytes.span)
    storage = Storage(bytes: bytes, tokens: tokens, warnings: scanner.warnings)
  }

  /// Scans a copy of the slice. Offsets and ranges count from the slice's first byte.
  public init(
    _ bytes: ArraySlice<UInt8>, limits: BencodeLimits = BencodeLimits(), reading: Reading = .lenient
  ) throws(BencodeError) {
    try self.init(Array(bytes), limits: limits, reading: reading)
  }

  public var bytes: [UInt8] { storage.bytes }

  /// What lenient reading accepted, by offset; the first `BencodeLimits.warnings` of them.
  public var warnings: [BencodeWarning] { storage.warnings }

  public var root: BencodeNode { BencodeNode(storage: storage, index: 0) }

  /// One reference for a node to hold, where two arrays would be two.
  package final class Storage: Sendable {
    package let bytes: [UInt8]
    package let tokens: [BencodeToken]
    let warnings: [BencodeWarning]

    init(bytes: [UInt8], tokens: [BencodeToken], warnings: [BencodeWarning]) {
      self.bytes = bytes
      self.tokens = tokens
      self.warnings = warnings
    }
  }
}
