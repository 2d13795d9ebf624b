/// How far the reading of content has come.
public struct HashProgress: Hashable, Sendable {
  /// Bytes that are done with, of `total`.
  public let done: Int
  /// Bytes of the content.
  public let total: Int
}
