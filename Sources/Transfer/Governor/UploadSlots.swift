/// Whom a session uploads to at once: so many peers over all its torrents, shared among the torrents that have interested
/// peers.
///
/// A torrent's share is what the others leave, and at least its fair part: small wishes are met, and large ones get the
/// same. What can't be divided (with more torrents than slots all of them) goes round with `rotate`. Invariant: no more
/// slots are taken than there are.
///
/// O(1) while all wishes can be met; otherwise a change of wishes costs O(torrents with wishes × log) at the next look.
public struct UploadSlots: Sendable {
  private struct Share: Sendable {
    /// Interested peers.
    var wanted = 0
    var taken = 0
    /// As dealt; meaningless while all wishes can be met.
    var dealt = 0
  }

  public var capacity: Int { didSet { touch() } }
  private var shares: [TorrentKey: Share] = [:]
  private var wanted = 0
  public private(set) var taken = 0
  private var isDealt = false
  /// Something has changed since the last look at who is unsettled.
  private var hasChanged = false
  private var turn = 0

  public init(_ capacity: Int) { self.capacity = max(1, capacity) }

  private var isScarce: Bool { wanted > capacity }

  /// The torrent has so many interested peers.
  public mutating func want(_ count: Int, for torrent: TorrentKey) {
    let before = shares[torrent]?.wanted ?? 0
    guard count != before else { return }
    wanted += count - before
    shares[torrent, default: Share()].wanted = count
    touch()
    prune(torrent)
  }

  /// How many slots the torrent may have.
  public mutating func share(of torrent: TorrentKey) -> Int {
    guard isScarce else { return capacity - (wanted - (shares[torrent]?.wanted ?? 0)) }
    deal()
    return shares[torrent]?.dealt ?? 0
  }

  /// Takes one more slot; `false` when the torrent has its share, or another has yet to give one up.
  public mutating func take(for torrent: TorrentKey) -> Bool {
    guard taken < capacity, (shares[torrent]?.taken ?? 0) < share(of: torrent) else { return false }
    shares[torrent, default: Share()].taken += 1
    taken += 1
    return true
  }

  public mutating func giveBack(of torrent: TorrentKey) {
    guard let before = shares[torrent]?.taken, before > 0 else { return }
    shares[torrent]?.taken = before - 1
    taken -= 1
    hasChanged = true
    prune(torrent)
  }

  public mutating func remove(_ torrent: TorrentKey) {
    guard let share = shares.removeValue(forKey: torrent) else { return }
    wanted -= share.wanted
    taken -= share.taken
    touch()
  }

  /// The torrents that have more than their share, and those that have less than they want and may have: both are to
  /// look again. O(torrents with wishes × log) after a change, else O(1).
  public mutating func unsettled() -> [TorrentKey] {
    guard hasChanged else { return [] }
    hasChanged = false
    guard isScarce else { return [] }
    deal()
    let isDue = shares.filter { $0.value.taken != min($0.value.dealt, $0.value.wanted) }
    // Those that give up a slot first.
    return isDue.sorted { a, b in
      let (x, y) = (a.value.taken - a.value.dealt, b.value.taken - b.value.dealt)
      return x != y ? x > y : a.key.slot < b.key.slot
    }.map(\.key)
  }

  /// Some time has passed: who went without is next.
  public mutating func rotate() {
    guard isScarce else { return }
    turn = (turn + capacity) % max(1, shares.count)
    touch()
  }

  private mutating func deal() {
    guard !isDealt else { return }
    isDealt = true
    let byWish = shares.filter { $0.value.wanted > 0 }.sorted { a, b in
      a.value.wanted != b.value.wanted ? a.value.wanted < b.value.wanted : a.key.slot < b.key.slot
    }
    var left = capacity
    var torrents = byWish.count
    // Whoever wants no more than an even part gets it all, which makes the part of the others larger.
    for share in byWish.lazy.map(\.value) {
      guard share.wanted <= left / torrents else { break }
      left -= share.wanted
      torrents -= 1
    }
    let modest = byWish.count - torrents
    let even = torrents > 0 ? left / torrents : 0
    for torrent in shares.keys { shares[torrent]?.dealt = 0 }
    for (torrent, share) in byWish { shares[torrent]?.dealt = min(share.wanted, even) }
    for (torrent, share) in byWish[..<modest] { shares[torrent]?.dealt = share.wanted }
    // What can't be divided goes round.
    let others = byWish[modest...].map(\.key).sorted { $0.slot < $1.slot }
    guard torrents > 0 else { return }
    for number in 0..<left % torrents {
      shares[others[(turn + number) % torrents]]?.dealt += 1
    }
  }

  private mutating func touch() {
    isDealt = false
    hasChanged = true
  }

  private mutating func prune(_ torrent: TorrentKey) {
    if shares[torrent]?.wanted == 0, shares[torrent]?.taken == 0 { shares[torrent] = nil }
  }
}
