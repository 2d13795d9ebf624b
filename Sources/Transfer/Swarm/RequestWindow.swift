import Metainfo

/// The blocks that are asked of one peer, and how many there should be.
///
/// The target is what the peer delivers in one round trip and one more second: the round trip keeps the line
/// full, the second keeps the peer's queue from running dry. It begins small and grows by one with every
/// block (so it doubles each round trip) until the rate stops growing.
struct RequestWindow {
  /// Never more than this, which is what libtorrent asks for too; clients keep 250 (BEP 10, `reqq`) to 2,000.
  static let maximum = 500
  static let minimum = 2
  private static let initial = 16
  private static let reserve = 1.0

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
    if isGrowing { target = min(target + 1, Self.maximum) }
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
    let seconds = (roundTrip ?? 0) + Self.reserve
    let wanted = Int(Double(rate) * seconds) / PieceGeometry.blockLength + 1
    target = min(max(wanted, Self.minimum), Self.maximum)
  }

  /// After a stall: one request at a time until the peer proves itself.
  mutating func restart() {
    target = Self.minimum
    isGrowing = true
    bestRate = 0
    roundTrip = nil
  }
}
