/// The peers that are known of, and which to dial next.
///
/// Bounded: a swarm of any size costs no more than `capacity` entries, beside those that the user has named. An address
/// that could not be reached is tried again after a time that doubles, and forgotten after a few failures; one that the
/// user has named is tried for ever. An address whose peer is connected, by whichever side, is not dialed.
///
/// Every step is O(log entries), but for a ban.
struct AddressBook {
  private struct Entry {
    var state = State.idle
    var failures = 0
    var notBefore: Instant
    var isLasting: Bool
    /// The order in which they were learnt of.
    let number: Int
  }

  private enum State { case idle, dialing, connected }

  /// Who has failed least is dialed first, then who has waited longest.
  private struct Rank: Comparable, Sendable {
    let failures: Int
    let notBefore: Instant
    let number: Int

    static func < (a: Rank, b: Rank) -> Bool {
      (a.failures, a.notBefore.nanoseconds, a.number) < (b.failures, b.notBefore.nanoseconds, b.number)
    }
  }

  private static let capacity = 10_000
  private static let failuresAllowed = 6
  private static let firstPause = Instant.Span.seconds(5)
  private static let pauseWhenHeardOf = Instant.Span.seconds(1)
  private static let longestPause = Instant.Span.seconds(300)
  /// For those that the user has named.
  private static let firstPauseOfLasting = Instant.Span.seconds(1)
  private static let longestPauseOfLasting = Instant.Span.seconds(60)

  private var entries: [Endpoint: Entry] = [:]
  /// Idle ones, by when they may be dialed: those whose time has come are moved to `due`.
  private var waiting = KeyedHeap<Endpoint, Instant>()
  private var due = KeyedHeap<Endpoint, Rank>()
  /// The addresses of connected peers: the one that was dialed, and others that have led to the same peer.
  private var addresses: [PeerKey: [Endpoint]] = [:]
  private var banned: Set<PeerSource> = []
  /// Addresses that turned out to be this client.
  private var own: Set<Endpoint> = []
  private(set) var dialingCount = 0
  private var lastNumber = 0

  /// Everyone that is known, in whatever state.
  var count: Int { entries.count }

  /// When an address may be dialed next; `nil` when none waits.
  var nextDue: Instant? { due.first?.rank.notBefore ?? waiting.first?.rank }

  func isBanned(_ endpoint: Endpoint) -> Bool { banned.contains(PeerSource(endpoint)) }

  /// Somebody told of a peer. Returns whether it is news.
  @discardableResult
  mutating func learn(_ endpoint: Endpoint, from origin: AddressOrigin, at now: Instant) -> Bool {
    guard endpoint.port != 0, !isBanned(endpoint), !own.contains(endpoint) else { return false }
    if let entry = entries[endpoint] {
      if origin == .user { entries[endpoint]?.isLasting = true }
      // Someone has just heard of it, so it is worth another try soon.
      if entry.state == .idle, entry.failures > 0 {
        wait(endpoint, until: min(entry.notBefore, now + Self.pauseWhenHeardOf))
      }
      return false
    }
    guard add(endpoint, isLasting: origin == .user, at: now) else { return false }
    wait(endpoint, until: now)
    return true
  }

  private mutating func add(_ endpoint: Endpoint, isLasting: Bool, at now: Instant) -> Bool {
    guard entries.count < Self.capacity || isLasting else { return false }
    lastNumber += 1
    entries[endpoint] = Entry(notBefore: now, isLasting: isLasting, number: lastNumber)
    return true
  }

  /// The next address to dial, noted as being dialed; `nil` when none is due.
  mutating func next(at now: Instant) -> Endpoint? {
    while let first = waiting.first, first.rank <= now, let endpoint = waiting.popFirst(),
      let entry = entries[endpoint]
    {
      due.set(
        endpoint, rank: Rank(failures: entry.failures, notBefore: entry.notBefore, number: entry.number))
    }
    guard let endpoint = due.popFirst() else { return nil }
    entries[endpoint]?.state = .dialing
    dialingCount += 1
    return endpoint
  }

  private mutating func wait(_ endpoint: Endpoint, until moment: Instant) {
    _ = due.remove(endpoint)
    entries[endpoint]?.notBefore = moment
    waiting.set(endpoint, rank: moment)
  }

  /// Neither waits nor is being dialed.
  private mutating func settle(_ endpoint: Endpoint, _ state: State) {
    if entries[endpoint]?.state == .dialing { dialingCount -= 1 }
    _ = due.remove(endpoint)
    _ = waiting.remove(endpoint)
    entries[endpoint]?.state = state
  }

  /// This peer is reached at the address: it was dialed there, or it has said so, or a dial has led to it. Not dialed
  /// again until the peer has left.
  mutating func connected(_ endpoint: Endpoint, as peer: PeerKey, at now: Instant) {
    guard !own.contains(endpoint), entries[endpoint] != nil || add(endpoint, isLasting: false, at: now),
      entries[endpoint]?.state != .connected
    else { return }
    settle(endpoint, .connected)
    entries[endpoint]?.failures = 0
    addresses[peer, default: []].append(endpoint)
  }

  /// The address did not answer, or its connection has ended before anything came of it.
  mutating func failed(_ endpoint: Endpoint, at now: Instant) {
    guard let entry = entries[endpoint] else { return }
    settle(endpoint, .idle)
    let failures = entry.failures + 1
    guard entry.isLasting || failures < Self.failuresAllowed else { return forget(endpoint) }
    entries[endpoint]?.failures = failures
    let first = entry.isLasting ? Self.firstPauseOfLasting : Self.firstPause
    let longest = entry.isLasting ? Self.longestPauseOfLasting : Self.longestPause
    wait(endpoint, until: now + min(first * (1 << min(failures - 1, 16)), longest))
  }

  /// A connection that had worked has ended. A redundant one, of two complete peers, is not sought again soon.
  mutating func left(_ peer: PeerKey, at now: Instant, isRedundant: Bool) {
    for endpoint in addresses.removeValue(forKey: peer) ?? [] {
      guard let entry = entries[endpoint], entry.state == .connected else { continue }
      settle(endpoint, .idle)
      entries[endpoint]?.failures = 1
      let pause = entry.isLasting ? Self.firstPauseOfLasting : Self.firstPause
      wait(endpoint, until: now + (isRedundant ? Self.longestPause : pause))
    }
  }

  /// Proven to send wrong data: never dialed, accepted or learnt of again. O(entries)
  mutating func ban(_ source: PeerSource) {
    banned.insert(source)
    for endpoint in entries.keys where PeerSource(endpoint) == source { forget(endpoint) }
  }

  /// The address is this client's own.
  mutating func isOwn(_ endpoint: Endpoint) {
    if own.count < Self.capacity { own.insert(endpoint) }
    forget(endpoint)
  }

  private mutating func forget(_ endpoint: Endpoint) {
    settle(endpoint, .idle)
    entries[endpoint] = nil
  }
}
