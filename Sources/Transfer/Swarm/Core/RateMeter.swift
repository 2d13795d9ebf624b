/// Bytes per second over the last few seconds: a ring of quarter-second buckets, made with the first byte.
struct RateMeter {
  private static let bucketCount = 16
  private static let bucketLength = Instant.Span.milliseconds(250)

  /// Empty before the first byte: most torrents of a large session, and most peers, move none.
  private var buckets: [Int] = []
  /// The number of the newest bucket since the clock's start.
  private var newest: Int64 = 0
  private var started = Instant(nanoseconds: 0)
  private(set) var total = 0

  /// Counts bytes that moved now.
  mutating func add(_ bytes: Int, at now: Instant) {
    advance(to: now)
    buckets[Int(newest % Int64(Self.bucketCount))] += bytes
    total += bytes
  }

  /// Bytes per second over the last four seconds, or since the first byte when that is less long ago.
  mutating func rate(at now: Instant) -> Int {
    guard !buckets.isEmpty else { return 0 }
    advance(to: now)
    var sum = 0
    for i in buckets.indices { sum += buckets[i] }
    let window = Self.bucketLength * (Self.bucketCount - 1)
    let length = max(min(now - started, window), Self.bucketLength)
    return Int(Double(sum) / length.seconds)
  }

  private mutating func advance(to now: Instant) {
    let number = max(now.nanoseconds, 0) / Self.bucketLength.nanoseconds
    if buckets.isEmpty {
      buckets = Array(repeating: 0, count: Self.bucketCount)
      started = now
      newest = number
    }
    guard number > newest else { return }
    let steps = min(number - newest, Int64(Self.bucketCount))
    for step in 1...steps { buckets[Int((number - steps + step) % Int64(Self.bucketCount))] = 0 }
    newest = number
  }
}
