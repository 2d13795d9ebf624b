import Bencode

/// How long a tracker may make its clients wait.
enum AnnounceInterval {
  static let least = Instant.Span.seconds(60)
  static let most = Instant.Span.seconds(24 * 60 * 60)
  /// For a tracker that names none.
  static let standard = Instant.Span.seconds(30 * 60)

  /// Seconds as a tracker says them, brought into the range; `nil` when it says nothing that is a number.
  static func clamped(_ node: BencodeNode?) -> Instant.Span? {
    guard let node, node.kind == .integer else { return nil }
    guard let seconds = node.integer else {
      // Beyond 64 bits, on either side of zero.
      return node.rawBytes.dropFirst().first == UInt8(ascii: "-") ? least : most
    }
    return .seconds(Int(min(max(seconds, 60), 24 * 60 * 60)))
  }
}
