/// A limit of bytes per second that allows short bursts.
struct TokenBucket: Sendable {
  /// Seconds of its rate that it saves up at most.
  private static let burst = 0.25

  /// Bytes per second; `nil` for no limit, and nothing passes at 0 and below.
  var rate: Int?
  /// May go below zero by one block: a block is sent whole or not at all.
  private var tokens: Double = 0
  private var last: Instant?

  init(rate: Int?) { self.rate = rate }

  var isLimited: Bool { rate != nil }

  /// Whether something may be taken now.
  mutating func isOpen(at now: Instant) -> Bool {
    guard let rate else { return true }
    let most = max(Double(rate) * Self.burst, 1)
    tokens = last.map { min(tokens + (now - $0).seconds * Double(rate), most) } ?? Double(rate) * Self.burst
    last = now
    return tokens > 0
  }

  mutating func take(_ bytes: Int) {
    if rate != nil { tokens -= Double(bytes) }
  }

  /// What was taken was not used after all.
  mutating func giveBack(_ bytes: Int) {
    if rate != nil { tokens += Double(bytes) }
  }

  /// When it is open next, as of its last look at the clock; `nil` for one that never is.
  var opens: Instant? {
    guard let rate else { return Instant(nanoseconds: 0) }
    guard rate > 0 else { return nil }
    guard let last, tokens <= 0 else { return last ?? Instant(nanoseconds: 0) }
    // A whole byte, so that the moment is not missed by a rounding error.
    let wait = (1 - tokens) / Double(rate)
    return last + Instant.Span(nanoseconds: Int64(min(wait, 1e6) * 1e9) + 1)
  }
}
