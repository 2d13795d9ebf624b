import Metainfo

/// Who has a slot: who is interested and uses it.
///
/// A choice among all that are interested is made every round. In between a slot that is free goes to who comes, and one
/// that its peer does not use goes to who waits: after a while to the one that has waited longest, and nearly at once to
/// one that has just become interested. So peers that are interested and ask for nothing keep nobody out.
extension SwarmCore {
  mutating func interested(_ key: PeerKey, at now: Instant, into actions: inout [Action]) {
    guard peers[key]?.demand.isInterested == false else { return }
    peers[key]?.demand.isInterested = true
    offering.interestedCount += 1
    governor.slots.want(offering.interestedCount, for: self.key)
    offering.nextChoke = offering.nextChoke ?? now + limits.choking.round
    waitForSlot(key)
    giveFreeSlots(at: now, into: &actions)
    guard peers[key]?.demand.isChoked == true, peers[key]?.demand.hasWasted == false,
      let (idler, idle) = idlest(at: now), idle >= limits.choking.grace
    else { return }
    waste(idler, at: now, into: &actions)
    unchoke(key, .unusedByAnother, at: now, into: &actions)
  }

  mutating func notInterested(_ key: PeerKey, at now: Instant, into actions: inout [Action]) {
    guard peers[key]?.demand.isInterested == true else { return }
    peers[key]?.demand.isInterested = false
    loseInterested(key)
    choke(key, .notInterested, at: now, into: &actions)
    giveFreeSlots(at: now, into: &actions)
  }

  /// A peer that was interested wants nothing any more, or has gone.
  private mutating func loseInterested(_ key: PeerKey) {
    offering.interestedCount -= 1
    offering.leaveLine(key)
    governor.slots.want(offering.interestedCount, for: self.key)
  }

  /// A peer has gone, and its slot with it.
  mutating func endDemand(_ key: PeerKey, _ demand: PeerDemand, at now: Instant, into actions: inout [Action])
  {
    governor.upload.leave(key, of: self.key)
    if demand.isInterested { loseInterested(key) }
    guard !demand.isChoked else { return }
    offering.unchoked.removeAll { $0 == key }
    governor.slots.giveBack(of: self.key)
    giveFreeSlots(at: now, into: &actions)
  }

  /// Chooses among all that are interested. O(interested × log)
  mutating func chooseUnchoked(at now: Instant, into actions: inout [Action]) {
    let isSeeding = isComplete
    var candidates: [Choker.Candidate] = []
    for place in peers.places {
      guard let key = peers.key(at: place), peers[key]?.demand.isInterested == true else { continue }
      let rate =
        isSeeding ? peers[key]?.demand.upload.rate(at: now) : peers[key]?.supply.download.rate(at: now)
      guard let demand = peers[key]?.demand else { continue }
      candidates.append(
        Choker.Candidate(
          peer: key, rate: rate ?? 0, isUnchoked: !demand.isChoked, since: demand.chokeChanged,
          hasWasted: demand.hasWasted))
    }
    offering.nextChoke = candidates.isEmpty ? nil : now + limits.choking.round
    let slots = governor.slots.share(of: self.key)
    let chosen = offering.choker.choose(slots, among: candidates, at: now, using: &random)
    let kept = Set(chosen)
    for key in offering.unchoked where !kept.contains(key) { choke(key, .outranked, at: now, into: &actions) }
    let isScarce = candidates.count > slots
    for key in chosen {
      let reason: Observation.Unchoke =
        !isScarce ? .free : offering.choker.optimistic == key ? .optimistic : .ranked
      guard unchoke(key, reason, at: now, into: &actions) else { break }
    }
    giveFreeSlots(at: now, into: &actions)
  }

  // MARK: Between the rounds

  /// Gives slots that are free to those who have waited longest.
  private mutating func giveFreeSlots(at now: Instant, into actions: inout [Action]) {
    while let key = offering.nextWaiting() {
      guard unchoke(key, .free, at: now, into: &actions) else { break }
    }
    lookLater(at: now)
  }

  /// Takes one slot from a peer that does not use it, and gives it to who has waited longest. One at a time, so that the slots
  /// of such peers change hands at different moments. O(slots)
  mutating func passUnusedSlots(at now: Instant, into actions: inout [Action]) {
    offering.nextLook = nil
    if offering.isSomeoneWaiting, let (idler, idle) = idlest(at: now), idle >= limits.choking.unused {
      waste(idler, at: now, into: &actions)
    }
    giveFreeSlots(at: now, into: &actions)
  }

  /// The peer that has used its slot least lately, and for how long it has not. One that a limit holds back is no
  /// idler. O(slots)
  private func idlest(at now: Instant) -> (PeerKey, idle: Instant.Span)? {
    var idlest: (PeerKey, idle: Instant.Span)?
    for key in offering.unchoked where !governor.upload.isWaiting(key, of: self.key) {
      guard let lastUse = peers[key]?.demand.lastUse else { continue }
      if now - lastUse > idlest?.idle ?? Instant.Span(nanoseconds: -1) { idlest = (key, now - lastUse) }
    }
    return idlest
  }

  private mutating func waste(_ key: PeerKey, at now: Instant, into actions: inout [Action]) {
    peers[key]?.demand.hasWasted = true
    choke(key, .unused, at: now, into: &actions)
  }

  private mutating func waitForSlot(_ key: PeerKey) {
    if peers[key]?.demand.hasWasted == true { offering.wasteful.join(key) } else { offering.fresh.join(key) }
  }

  private mutating func lookLater(at now: Instant) {
    guard offering.isSomeoneWaiting, !offering.unchoked.isEmpty else { return offering.nextLook = nil }
    let pause = Instant.Span(
      nanoseconds: limits.choking.unused.nanoseconds / Int64(offering.unchoked.count + 1))
    offering.nextLook = offering.nextLook ?? now + pause
  }

  /// - Returns: whether it is so: a slot may not be there.
  @discardableResult
  private mutating func unchoke(
    _ key: PeerKey, _ reason: Observation.Unchoke, at now: Instant, into actions: inout [Action]
  ) -> Bool {
    guard peers[key]?.demand.isChoked == true else { return true }
    guard governor.slots.take(for: self.key) else { return false }
    offering.unchoked.append(key)
    offering.leaveLine(key)
    peers[key]?.demand.change(isChoked: false, at: now)
    send(.unchoke, to: key, at: now, into: &actions)
    observe(.unchoked(key, reason))
    return true
  }

  private mutating func choke(
    _ key: PeerKey, _ reason: Observation.Choke, at now: Instant, into actions: inout [Action]
  ) {
    guard peers[key]?.demand.isChoked == false else { return }
    governor.slots.giveBack(of: self.key)
    offering.unchoked.removeAll { $0 == key }
    if peers[key]?.demand.isInterested == true { waitForSlot(key) }
    peers[key]?.demand.change(isChoked: true, at: now)
    send(.choke, to: key, at: now, into: &actions)
    observe(.choked(key, reason))
    guard let waiting = peers[key]?.demand.uploads.removeAll() else { return }
    governor.upload.leave(key, of: self.key)
    for block in waiting { refuse(block, of: key, at: now, into: &actions) }
  }
}
