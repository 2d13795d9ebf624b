/// What a non-blocking read or write came to.
enum IOResult: Hashable, Sendable {
  /// So many bytes were moved; at least 1, and possibly fewer than asked for.
  case bytes(Int)
  /// Nothing can be moved now.
  case wouldBlock
  /// The end: the other side has closed, or for a file, there is nothing behind this offset.
  case closed
  /// With the error number.
  case failed(Int32)
}
