/// How long to wait when every tracker has failed: twice as long each time, from 5 seconds to 10 minutes, a
/// quarter more or less so that clients don't come back all at once.
struct AnnounceBackOff: Sendable {
  private static let first = 5_000
  private static let most = 600_000
  private var milliseconds = first

  mutating func reset() { milliseconds = Self.first }

  mutating func next(using random: inout some RandomNumberGenerator) -> Instant.Span {
    let base = milliseconds
    milliseconds = min(2 * milliseconds, Self.most)
    return .milliseconds(base * 3 / 4 + Int.random(in: 0...base / 2, using: &random))
  }
}
