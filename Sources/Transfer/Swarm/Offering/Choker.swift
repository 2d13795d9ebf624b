/// Whom to upload to: the fastest partners keep their places, and one place goes round, so that newcomers get a
/// chance (BEP 3).
///
/// The same rule serves a leecher, whose partners are ranked by what they give, and a seeder, who ranks them by
/// what they take.
struct Choker {
  /// What the choice rests on.
  struct Candidate {
    let peer: PeerKey
    /// Bytes per second: from the peer while downloading, to it while seeding.
    let rate: Int
    let isUnchoked: Bool
    /// Since when the peer is (or is not) unchoked.
    let since: Instant
    /// It has had a slot and not used it: it comes behind all that have not.
    var hasWasted = false
  }

  let times: ChokingTimes
  /// Who had the place that goes round at the last choice for which there were not places for all.
  private(set) var optimistic: PeerKey?
  private var optimisticSince = Instant(nanoseconds: 0)

  init(_ times: ChokingTimes) { self.times = times }

  /// The peers, all of them interested, that are to be unchoked. O(n log n).
  mutating func choose(
    _ slots: Int, among candidates: [Candidate], at now: Instant,
    using random: inout some RandomNumberGenerator
  ) -> [PeerKey] {
    guard slots > 0 else { return [] }
    guard candidates.count > slots else { return candidates.map(\.peer) }
    let ranked = candidates.sorted { a, b in
      if a.rate != b.rate { return a.rate > b.rate }
      if a.hasWasted != b.hasWasted { return b.hasWasted }
      if a.isUnchoked != b.isUnchoked { return a.isUnchoked }
      return a.since < b.since
    }
    if slots == 1 {
      return [rotate(candidates, at: now, using: &random)]
    }
    let regular = ranked.prefix(slots - 1).map(\.peer)
    let others = ranked.dropFirst(slots - 1)
    return regular + [rotate(Array(others), at: now, using: &random)]
  }

  /// The peer that has the place that goes round: the same until its time is up, then the one that has waited
  /// longest, chance deciding among equals.
  private mutating func rotate(
    _ candidates: [Candidate], at now: Instant, using random: inout some RandomNumberGenerator
  ) -> PeerKey {
    if let optimistic, now - optimisticSince < times.optimistic,
      candidates.contains(where: { $0.peer == optimistic })
    {
      return optimistic
    }
    optimisticSince = now
    let waiting = candidates.filter { !$0.isUnchoked }
    let fresh = waiting.filter { !$0.hasWasted }
    let pool = fresh.isEmpty ? (waiting.isEmpty ? candidates : waiting) : fresh
    let longest = pool.lazy.map(\.since).min() ?? now
    let chosen = pool.filter { $0.since == longest }.randomElement(using: &random) ?? pool[0]
    optimistic = chosen.peer
    return chosen.peer
  }
}
