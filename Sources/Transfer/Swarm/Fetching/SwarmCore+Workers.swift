import Metainfo

/// Which worker is on which peer.
extension SwarmCore {
  /// A request that is older than this when its peer gets a worker again is taken for lost.
  static let requestLifetime = Instant.Span.seconds(60)
  /// How often the workers are looked after.
  static let watchInterval = Instant.Span.milliseconds(250)
  /// Peers that are tried for an idle worker with one event; the next event goes on, or a moment later.
  static let triesAtOnce = 16
  private static let nextTries = Instant.Span.milliseconds(50)
  /// How long a worker waits for a peer's first block while another peer waits that promises more.
  static let firstBlockPatience = Instant.Span.seconds(2)

  /// Lets busy workers ask for more, and puts idle ones on peers. O(workers)
  mutating func assignWorkers(at now: Instant, into actions: inout [Action]) {
    guard fetching.isActive else { return }
    for worker in fetching.pool.workers { fill(worker.peer, at: now, into: &actions) }
    placeIdleWorkers(at: now, into: &actions)
  }

  /// A peer may have something to fetch that it had not before: it has unchoked, or has more pieces. O(log peers)
  mutating func welcome(_ key: PeerKey, at now: Instant, into actions: inout [Action]) {
    guard fetching.isActive else { return }
    if fetching.pool.isLeased(key) { return fill(key, at: now, into: &actions) }
    guard let supply = peers[key]?.supply.canBeAsked, supply, let promise = peers[key]?.supply.promise else {
      return
    }
    if peers[key]?.supply.exhaustedAt != fetching.picker.version { fetching.spentVersion = nil }
    if !fetching.waiting.isReady(key) { fetching.waiting.insert(key, promise) }
    placeIdleWorkers(at: now, into: &actions)
  }

  /// Puts idle workers on the most promising of the peers that wait. O(`triesAtOnce` × log peers)
  mutating func placeIdleWorkers(at now: Instant, into actions: inout [Action]) {
    guard fetching.isActive else { return }
    var tries = Self.triesAtOnce
    while fetching.pool.hasIdleWorker, !fetching.waiting.isEmpty, hasWork {
      guard tries > 0 else { return fetching.watch(by: now + Self.nextTries) }
      tries -= 1
      reconsiderOne()
      if let key = fetching.waiting.popBest() {
        lease(key, at: now, into: &actions)
      } else if fetching.waiting.isSpent, !entersEndGame() {
        return
      }
    }
  }

  /// One of the peers that rest is ready again, if it has a piece to pick or may help with those of others.
  private mutating func reconsiderOne() {
    guard let key = fetching.waiting.callResting(), let promise = peers[key]?.supply.promise else { return }
    if !fetching.orphans.isEmpty || fetching.isEndGame || pickPiece(for: key) != nil {
      fetching.waiting.insert(key, promise)
    } else {
      fetching.waiting.rest(key)
    }
  }

  /// Puts an idle worker on this peer; one that finds nothing there leaves it to rest.
  mutating func lease(_ key: PeerKey, at now: Instant, into actions: inout [Action]) {
    guard peers[key]?.supply.canBeAsked == true, fetching.pool.lease(key) else { return }
    fetching.waiting.remove(key)
    peers[key]?.supply.leasedSince = now
    peers[key]?.supply.lastProgress = now
    renewRequests(of: key, at: now)
    fill(key, at: now, into: &actions)
    if isDry(key) {
      _ = fetching.pool.release(key)
      fetching.waiting.rest(key)
    } else {
      observe(.leased(key))
      fetching.watch(by: now + Self.watchInterval)
    }
  }

  /// A peer has lost its worker, or something else that decides whether one could be put on it: it waits, or not.
  mutating func standBy(_ key: PeerKey) {
    guard fetching.isActive, let supply = peers[key]?.supply.canBeAsked, supply,
      let promise = peers[key]?.supply.promise
    else { return fetching.waiting.remove(key) }
    guard !fetching.pool.isLeased(key) else { return }
    if peers[key]?.supply.exhaustedAt == fetching.picker.version {
      fetching.waiting.rest(key)
    } else {
      fetching.waiting.insert(key, promise)
    }
  }

  /// What was asked of a peer before its worker left it may still come: counts it as asked for again.
  private mutating func renewRequests(of key: PeerKey, at now: Instant) {
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

  /// Looks after the workers a few times a second: stalled peers are left, idle workers placed, slow ones moved.
  mutating func watchDownloads(at now: Instant, into actions: inout [Action]) {
    fetching.nextWatch = nil
    while let key = fetching.snubbed.popDue(at: now) {
      peers[key]?.supply.isSnubbed = false
      welcome(key, at: now, into: &actions)
    }
    for worker in fetching.pool.workers { watch(worker, at: now, into: &actions) }
    // Whoever was asked for the last blocks may have stopped to deliver.
    if fetching.isEndGame { fetching.waiting.wake() }
    assignWorkers(at: now, into: &actions)
    if now >= fetching.nextRotation { rotateWorkers(at: now, into: &actions) }
    if !fetching.pool.workers.isEmpty { fetching.watch(by: now + Self.watchInterval) }
  }

  private mutating func watch(
    _ worker: WorkerPool.Worker, at now: Instant, into actions: inout [Action]
  ) {
    let key = worker.peer
    guard let lastProgress = peers[key]?.supply.lastProgress,
      let hasDelivered = peers[key]?.supply.hasDelivered
    else { return }
    if peers[key]?.supply.window.isEmpty == true {
      if worker.claims.isEmpty, isDry(key) { endLease(of: key, .dry, at: now, into: &actions) }
    } else if now - lastProgress > limits.stallAllowed {
      snub(key, .stalled, at: now, into: &actions)
    } else if !hasDelivered, fetching.waiting.hasHope, now - lastProgress > Self.firstBlockPatience {
      peers[key]?.supply.window.restart()
      endLease(of: key, .neverDelivered, at: now, into: &actions)
    }
  }
}
