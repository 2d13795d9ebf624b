/// Moving workers from slow peers to faster ones.
extension SwarmCore {
  /// How often a worker may move, and how long it stays with a peer at least.
  static let rotationInterval = Instant.Span.seconds(10)

  /// When every worker is busy and a peer waits that was never tried, or was clearly faster, the slowest worker
  /// moves there. What it leaves half done is the next to be claimed, and what it has asked for is still welcome.
  /// O(workers + log peers).
  mutating func rotateWorkers(at now: Instant, into actions: inout [Action]) {
    fetching.nextRotation = now + Self.rotationInterval
    guard !fetching.pool.hasIdleWorker, let (slowest, rate) = slowestWorker(at: now),
      let candidate = waitingPeer(fasterThan: rate)
    else { return }
    fetching.waiting.remove(candidate)
    endLease(of: slowest, .slow, at: now, into: &actions)
    lease(candidate, at: now, into: &actions)
    assignWorkers(at: now, into: &actions)
  }

  private mutating func slowestWorker(at now: Instant) -> (PeerKey, rate: Int)? {
    var slowest: (PeerKey, rate: Int)?
    for worker in fetching.pool.workers {
      guard let since = peers[worker.peer]?.supply.leasedSince, now - since >= Self.rotationInterval,
        let rate = peers[worker.peer]?.supply.download.rate(at: now), rate < slowest?.rate ?? .max
      else { continue }
      slowest = (worker.peer, rate)
    }
    return slowest
  }

  /// A peer without a worker that has something to fetch: one that was never tried, which may be the fastest of
  /// all, else one that was clearly faster. Those that turn out to have nothing rest from here on. O(log peers)
  private mutating func waitingPeer(fasterThan rate: Int) -> PeerKey? {
    for _ in 0..<Self.triesAtOnce {
      let fastest = fetching.waiting.fastest.flatMap { $0.pace / 2 > rate ? $0.key : nil }
      guard let key = fetching.waiting.firstUntried() ?? fastest else { return nil }
      if fetching.isEndGame || pickPiece(for: key) != nil { return key }
      fetching.waiting.rest(key)
    }
    return nil
  }

  /// Remembers how fast a peer was when its worker leaves it. A stay too short to measure only adds.
  mutating func notePace(of key: PeerKey, at now: Instant) {
    guard fetching.pool.isLeased(key), let rate = peers[key]?.supply.download.rate(at: now),
      let since = peers[key]?.supply.leasedSince
    else { return }
    let isShort = now - since < .seconds(4)
    let before = peers[key]?.supply.pace ?? 0
    peers[key]?.supply.pace = isShort ? max(rate, before) : rate
  }
}
