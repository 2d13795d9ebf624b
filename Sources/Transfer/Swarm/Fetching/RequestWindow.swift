import Metainfo

/// The blocks that are asked of one peer, and how many there should be.
///
/// The target is what the peer delivers in one round trip, and a reserve: the round trip keeps the line full, the
/// reserve keeps the peer's queue from running dry. The reserve is a second's worth, but no more than 2 MiB: a fast
/// peer with more on its way spreads over more pieces than the processor's cache holds, which costs a tenth of
/// the whole transfer.
///
/// The target begins small and grows by one with every block, so it doubles each round trip, until the rate has
/// stopped growing for a few rounds. A *round* is the time from a moment to the first answer to what was asked
/// after it; its rate is what a window of that size brings, where a fixed time would hold half a round here and ten
/// there. From then on the target follows the best rate of the latest rounds; since it holds a reserve beyond what
/// was measured, it also finds out when the line has become faster, and then grows as in the beginning.
struct RequestWindow {
  /// Never more than this: 32 MiB, which is 100 Mbit/s over a round trip of 2.7 s, or 2.7 Gbit/s over 100 ms.
  static let maximum = 2_048
  static let minimum = 2
  /// What a peer keeps that does not tell: clients keep 250 (BEP 10, `reqq`) to 2,000.
  static let allowedUntold = 500
  private static let initial = 16
  /// A second, and blocks at most.
  private static let reserve = (time: Instant.Span.seconds(1), blocks: 128)
  /// A round takes at least as long, so that the time between two reads of a socket does not count as a rate.
  private static let shortestRound = Instant.Span.milliseconds(20)
  /// Rounds without growth after which the line is full, and rounds whose best rate counts.
  private static let roundsUntilFull = 3
  private static let roundsKept = 8

  struct Request {
    let block: BlockSpan
    let sent: Instant
  }

  private var queue = Queue<Request>()
  /// How many requests should be outstanding.
  private(set) var target = Self.initial
  /// Requests that the peer keeps, as far as is known (BEP 10, `reqq`).
  private(set) var allowed = Self.allowedUntold
  /// The shortest time from a request to its block: the round trip, without the wait in the peer's queue.
  private var roundTrip: Instant.Span?

  private var isGrowing = true
  private var roundsWithoutGrowth = 0
  private var roundBegan: Instant?
  private var lastAnswer: Instant?
  private var blocksOfRound = 0
  /// Blocks per second: the best of any round, and of the latest ones.
  private var bestRate = 0.0
  private var rates = InlineArray<8, Double>(repeating: 0)
  private var roundCount = 0

  /// In the order in which they were sent, which is the order in which most peers answer.
  var requests: ArraySlice<Request> { queue.elements }
  var count: Int { queue.count }
  var room: Int { max(0, target - queue.count) }
  var isEmpty: Bool { queue.isEmpty }

  /// Bytes that the target stands for: the part that fills a short line, and what a long one needs beyond.
  var demand: (short: Int, long: Int) {
    let short = min(target, Self.reserve.blocks)
    return (short * PieceGeometry.blockLength, (target - short) * PieceGeometry.blockLength)
  }

  /// The peer has told how many requests it keeps.
  mutating func allow(_ count: Int) {
    allowed = min(max(count, 1), Self.maximum)
    target = min(target, allowed)
  }

  mutating func add(_ block: BlockSpan, at now: Instant) {
    let isAfterPause = queue.isEmpty && lastAnswer.map { now - $0 >= Self.shortestRound } ?? true
    if isAfterPause || roundBegan == nil { beginRound(at: now) }
    queue.append(Request(block: block, sent: now))
  }

  /// Where in `requests` a block is. O(1) for the oldest, O(outstanding requests) otherwise.
  func firstIndex(of block: BlockSpan) -> Int? { requests.firstIndex { $0.block == block } }

  func contains(_ block: BlockSpan) -> Bool { firstIndex(of: block) != nil }

  /// Takes a request out; says whether it was there. O(1) when answers come in order.
  mutating func remove(_ block: BlockSpan) -> Bool {
    guard let index = firstIndex(of: block) else { return false }
    queue.remove(at: index)
    return true
  }

  mutating func removeAll() -> [BlockSpan] { queue.removeAll().map(\.block) }

  /// A block was answered: takes its request out and learns from it. Says whether it had been asked for.
  mutating func answered(_ block: BlockSpan, at now: Instant) -> Bool {
    guard let index = firstIndex(of: block) else { return false }
    let sent = requests[index].sent
    queue.remove(at: index)
    let elapsed = now - sent
    let shortest = min(roundTrip ?? elapsed, elapsed)
    roundTrip = shortest
    blocksOfRound += 1
    lastAnswer = now
    // Who waits longer than that in the peer's queue shows that enough is asked for.
    let patience = target < Self.reserve.blocks ? shortest + Self.reserve.time : shortest * 2
    if isGrowing, elapsed < patience { target = min(target + 1, allowed) }
    if let began = roundBegan {
      // Of a slow peer a second is enough: what waits as long in its queue does not wait for the line.
      let isOver = sent >= began ? now - began >= Self.shortestRound : now - began >= Self.reserve.time
      if isOver, sent >= began || elapsed > shortest + Self.reserve.time { endRound(began, at: now) }
    }
    return true
  }

  /// After a stall: a request or two at a time until the peer proves itself.
  mutating func restart() {
    target = min(Self.minimum, allowed)
    isGrowing = true
    roundsWithoutGrowth = 0
    roundBegan = nil
    bestRate = 0
    roundCount = 0
    rates = InlineArray(repeating: 0)
    roundTrip = nil
  }

  // MARK: Rounds

  private mutating func beginRound(at now: Instant) {
    roundBegan = now
    blocksOfRound = 0
  }

  private mutating func endRound(_ began: Instant, at now: Instant) {
    let rate = Double(blocksOfRound) / (now - began).seconds
    rates[roundCount % Self.roundsKept] = rate
    roundCount += 1
    if rate > bestRate * 1.25 {
      bestRate = rate
      isGrowing = true
      roundsWithoutGrowth = 0
    } else {
      roundsWithoutGrowth += 1
      if roundsWithoutGrowth >= Self.roundsUntilFull { isGrowing = false }
    }
    if !isGrowing { fit() }
    beginRound(at: now)
  }

  /// Sets the target to what the latest rounds brought.
  private mutating func fit() {
    var rate = 0.0
    for i in rates.indices { rate = max(rate, rates[i]) }
    bestRate = rate
    let reserve = min(rate * Self.reserve.time.seconds, Double(Self.reserve.blocks))
    let wanted = rate * (roundTrip?.seconds ?? 0) + reserve + 1
    target = min(max(Int(min(wanted, Double(Self.maximum))), Self.minimum), allowed)
  }
}
