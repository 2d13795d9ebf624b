import Metainfo

/// The blocks that are asked of one peer, and how many there should be.
///
/// The target is what the peer delivers in one round trip, and a reserve: the round trip keeps the line full, the
/// reserve keeps the peer's queue from running dry. The reserve is a second's worth, but no more than 2 MiB: a fast
/// peer with more on its way spreads over more pieces than the processor's cache holds, which costs a tenth of
/// the whole transfer. The target begins small and grows by one with every block (so it doubles each round trip)
/// until the rate stops growing; beyond the reserve only while blocks come as fast as the line allows.
struct RequestWindow {
  /// Never more than this, which is what libtorrent asks for too; clients keep 250 (BEP 10, `reqq`) to 2,000.
  static let maximum = 500
  static let minimum = 2
  private static let initial = 16
  /// Seconds, and blocks at most.
  private static let reserve = (seconds: 1.0, blocks: 128)

  struct Request {
    let block: BlockSpan
    let sent: Instant
  }

  private var queue = Queue<Request>()
  /// How many requests should be outstanding.
  private(set) var target = Self.initial
  private var isGrowing = true
  private var bestRate = 0
  /// The shortest time from a request to its block: the round trip, without the wait in the peer's queue.
  private var roundTrip: Double?

  /// In the order in which they were sent, which is the order in which most peers answer.
  var requests: ArraySlice<Request> { queue.elements }
  var count: Int { queue.count }
  var room: Int { max(0, target - queue.count) }
  var isEmpty: Bool { queue.isEmpty }

  mutating func add(_ block: BlockSpan, at now: Instant) {
    queue.append(Request(block: block, sent: now))
  }

  func contains(_ block: BlockSpan) -> Bool { requests.contains { $0.block == block } }

  /// Takes a request out; says whether it was there. O(1) when answers come in order.
  mutating func remove(_ block: BlockSpan) -> Bool {
    guard let index = requests.firstIndex(where: { $0.block == block }) else { return false }
    queue.remove(at: index)
    return true
  }

  mutating func removeAll() -> [BlockSpan] { queue.removeAll().map(\.block) }

  /// A block was answered: takes its request out and learns from it. Says whether it had been asked for.
  mutating func answered(_ block: BlockSpan, at now: Instant) -> Bool {
    guard let index = requests.firstIndex(where: { $0.block == block }) else { return false }
    let elapsed = (now - requests[index].sent).seconds
    roundTrip = min(roundTrip ?? elapsed, elapsed)
    queue.remove(at: index)
    // A block that took twice the round trip has waited in the peer's queue: enough is asked for.
    if isGrowing, target < Self.reserve.blocks || elapsed < 2 * (roundTrip ?? 0) {
      target = min(target + 1, Self.maximum)
    }
    return true
  }

  /// Fits the target to the measured rate; called a few times a second.
  mutating func adapt(rate: Int) {
    if isGrowing {
      // A peer that delivers no more than before is at its limit.
      if rate > 0, rate < bestRate + bestRate / 10 { isGrowing = false }
      bestRate = max(bestRate, rate)
      return
    }
    let blocks = Double(rate) / Double(PieceGeometry.blockLength)
    let reserve = min(blocks * Self.reserve.seconds, Double(Self.reserve.blocks))
    let wanted = blocks * (roundTrip ?? 0) + reserve + 1
    target = Int(min(max(wanted, Double(Self.minimum)), Double(Self.maximum)))
  }

  /// After a stall: one request at a time until the peer proves itself.
  mutating func restart() {
    target = Self.minimum
    isGrowing = true
    bestRate = 0
    roundTrip = nil
  }
}
