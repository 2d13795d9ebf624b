/// A limit of bytes per second that allows short bursts.
struct TokenBucket {
  /// Bytes per second; `nil` for no limit.
  let rate: Int?
  /// May go below zero by one block: a block is sent whole or not at all.
  private var tokens: Double = 0
  private var last: Instant?

  init(rate: Int?) { self.rate = rate }

  var isLimited: Bool { rate != nil }

  /// Whether something may be taken now.
  mutating func isOpen(at now: Instant) -> Bool {
    guard let rate else { return true }
    if let last {
      tokens = min(tokens + (now - last).seconds * Double(rate), max(Double(rate) / 4, 1))
    } else {
      tokens = Double(rate) / 4
    }
    last = now
    return tokens > 0
  }

  mutating func take(_ bytes: Int) {
    if rate != nil { tokens -= Double(bytes) }
  }
}
