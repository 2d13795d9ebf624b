import Metainfo

/// When the core wants to be woken, and what it does then. Nothing is due that has nothing to do: a torrent
/// without peers and addresses sleeps until it hears of some.
extension SwarmCore {
  /// When a `timePassed` is wanted; `nil` for never. It may be too early, and is never too late. O(1)
  public var nextDue: Instant? {
    let connections = sooner(upkeep.due, nextDial)
    let giving = sooner(offering.nextChoke, offering.nextLook)
    return sooner(connections, sooner(giving, fetching.nextDue))
  }

  mutating func timePassed(at now: Instant, into actions: inout [Action]) {
    if isDue(upkeep.due, now) { lookAfterConnections(at: now, into: &actions) }
    if isDue(fetching.nextDue, now) { watchDownloads(at: now, into: &actions) }
    if isDue(offering.nextChoke, now) { chooseUnchoked(at: now, into: &actions) }
    if isDue(offering.nextLook, now) { passUnusedSlots(at: now, into: &actions) }
    if isDue(nextDial, now) { dial(at: now, into: &actions) }
  }

  private func sooner(_ a: Instant?, _ b: Instant?) -> Instant? {
    guard let a, let b else { return a ?? b }
    return min(a, b)
  }

  private func isDue(_ moment: Instant?, _ now: Instant) -> Bool { moment.map { $0 <= now } ?? false }
}
