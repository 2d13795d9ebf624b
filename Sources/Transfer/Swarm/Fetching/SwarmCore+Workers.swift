import Metainfo

/// Which worker is on which peer.
extension SwarmCore {
  /// A request that is older than this when its peer gets a worker again is taken for lost.
  static let requestLifetime = Instant.Span.seconds(60)

  /// Puts idle workers on peers, the fastest first, and lets busy ones ask for more.
  mutating func assignWorkers(at now: Instant, into actions: inout [Action]) {
    guard fetching.isActive else { return }
    for worker in fetching.pool.workers { fill(worker.peer, at: now, into: &actions) }
    guard fetching.pool.hasIdleWorker, hasWork else { return }
    var candidates: [(key: PeerKey, rate: Int)] = []
    for key in peers.keys where mayLease(key, at: now) {
      candidates.append((key, peers[key]?.supply.pace ?? 1))
    }
    candidates.sort { $0.rate != $1.rate ? $0.rate > $1.rate : $0.key.slot < $1.key.slot }
    for candidate in candidates {
      guard fetching.pool.hasIdleWorker else { return }
      assignWorker(to: candidate.key, at: now, into: &actions)
    }
  }

  func mayLease(_ key: PeerKey, at now: Instant) -> Bool {
    guard fetching.isActive, let isChokingUs = peers[key]?.supply.isChokingUs, !isChokingUs,
      let wanted = peers[key]?.supply.wantedCount,
      wanted > 0, peers[key]?.supply.isSnubbed(at: now) == false
    else { return false }
    return !fetching.pool.isLeased(key)
  }

  /// Puts an idle worker on this peer if it has something to fetch; one that it has may find more to ask for.
  mutating func assignWorker(to key: PeerKey, at now: Instant, into actions: inout [Action]) {
    if fetching.pool.isLeased(key) { return fill(key, at: now, into: &actions) }
    guard mayLease(key, at: now), fetching.pool.lease(key) else { return }
    peers[key]?.supply.leasedSince = now
    peers[key]?.supply.lastProgress = now
    renewRequests(of: key, at: now)
    fill(key, at: now, into: &actions)
    if peers[key]?.supply.window.isEmpty == true, fetching.pool.claims(of: key).isEmpty {
      _ = fetching.pool.release(key)
    }
  }

  /// What was asked of a peer before its worker left it may still come: counts it as asked for again.
  mutating func renewRequests(of key: PeerKey, at now: Instant) {
    for request in peers[key]?.supply.window.requests ?? [] {
      if now - request.sent < Self.requestLifetime,
        let index = fetching.activeIndex(of: request.block.piece), !fetching.active[index].isBeingChecked,
        !fetching.active[index].isOnParole,
        let number = geometry.blockNumber(of: request.block),
        !fetching.active[index].blocks[number].isReceived
      {
        fetching.active[index].ask(number, of: key)
      } else {
        _ = peers[key]?.supply.window.remove(request.block)
      }
    }
  }

  /// How often the workers are looked after.
  static let watchInterval = Instant.Span.milliseconds(250)

  /// Looks after the workers a few times a second: windows fitted, stalled peers left, idle workers placed.
  mutating func watchDownloads(at now: Instant, into actions: inout [Action]) {
    fetching.nextWatch = fetching.isActive && peers.count > 0 ? now + Self.watchInterval : nil
    for worker in fetching.pool.workers {
      let key = worker.peer
      guard let rate = peers[key]?.supply.download.rate(at: now) else { continue }
      peers[key]?.supply.window.adapt(rate: rate)
      guard let peer = peers[key] else { continue }
      if peer.supply.window.isEmpty {
        if worker.claims.isEmpty { endLease(of: key, at: now, into: &actions) }
      } else if now - peer.supply.lastProgress > limits.stallAllowed {
        snub(key, at: now, into: &actions)
      }
    }
    assignWorkers(at: now, into: &actions)
    if now >= fetching.nextRotation { rotateWorkers(at: now, into: &actions) }
  }
}
