/// What giving needs to know beyond each peer's own demand.
struct Offering {
  var choker: Choker
  /// When the unchoked are chosen anew; `nil` while nobody is interested.
  var nextChoke: Instant?
  /// When a slot is looked for that its peer does not use; `nil` while nobody waits for one.
  var nextLook: Instant?
  /// The peers that have a slot: no more than the session has slots.
  var unchoked: [PeerKey] = []
  /// Interested peers.
  var interestedCount = 0
  /// Interested peers without a slot: those that have not had one and wasted it, and those that have.
  var fresh = WaitingLine<PeerKey>()
  var wasteful = WaitingLine<PeerKey>()

  init(_ limits: SwarmLimits) { choker = Choker(limits.choking) }

  var isSomeoneWaiting: Bool { !fresh.isEmpty || !wasteful.isEmpty }

  /// Who is next to get a slot that is free.
  mutating func nextWaiting() -> PeerKey? { fresh.first() ?? wasteful.first() }

  /// The peer wants nothing, or has what it wants.
  mutating func leaveLine(_ key: PeerKey) {
    fresh.leave(key)
    wasteful.leave(key)
  }
}
