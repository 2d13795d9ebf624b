/// What a document may cost before it is refused.
public struct BencodeLimits: Hashable, Sendable {
  /// Lists and dictionaries inside one another. More than `BencodeLimits.maximumDepth` counts as that.
  public var depth: Int
  /// Integers, strings, lists, dictionaries and ends of either: 8 bytes of memory each.
  public var tokens: Int
  /// Bytes of the document. More than `BencodeLimits.maximumSize` counts as that.
  public var size: Int
  /// Warnings that are kept: what deviates beyond that many is read without a word. Fewer than
  /// `BencodeWarning.maximumCount` counts as that.
  public var warnings: Int

  /// Value trees are built and freed recursively; this many levels fit the smallest stack of a thread.
  public static let maximumDepth = 512
  /// A token holds an offset in 32 bits.
  public static let maximumSize = Int(UInt32.max) - 1
  /// A token holds a distance in tokens in 29 bits.
  static let maximumTokens = Int(BencodeToken.maximumPayload) - 1

  /// - Parameter tokens: `nil` is 3,000,000, and more in proportion for documents of more than 10,000,000 bytes.
  public init(
    depth: Int = 100, tokens: Int? = nil, size: Int = 10_000_000, warnings: Int = BencodeWarning.maximumCount
  ) {
    self.depth = depth
    self.tokens = tokens ?? max(3_000_000, size / 10 * 3)
    self.size = size
    self.warnings = warnings
  }
}
