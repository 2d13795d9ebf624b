/// The peers that are known of, and which to dial next.
///
/// Bounded: a swarm of any size costs no more than `capacity` entries. An address that could not be reached is
/// tried again after a time that doubles, and forgotten after a few failures.
struct AddressBook {
  private struct Entry {
    let endpoint: Endpoint
    var state: State
    var failures = 0
    var notBefore: Instant
  }

  private enum State { case idle, dialing, connected }

  private static let capacity = 2_000
  private static let failuresAllowed = 6
  private static let firstPause = Instant.Span.seconds(5)
  private static let pauseWhenHeardOf = Instant.Span.seconds(1)
  private static let longestPause = Instant.Span.seconds(300)

  private var entries: [Entry] = []
  private var indexOf: [Endpoint: Int] = [:]
  private var banned: Set<PeerSource> = []
  /// Addresses that turned out to be this client.
  private var own: Set<Endpoint> = []
  private(set) var dialingCount = 0
  /// When an address may be dialed next, or earlier; `nil` when none waits.
  private(set) var nextDue: Instant?

  /// Everyone that is known, in whatever state.
  var count: Int { entries.count }

  func isBanned(_ endpoint: Endpoint) -> Bool { banned.contains(PeerSource(endpoint)) }

  /// A tracker, local discovery or the user told of a peer. Returns whether it is news.
  @discardableResult
  mutating func learn(_ endpoint: Endpoint, at now: Instant) -> Bool {
    guard endpoint.port != 0, !isBanned(endpoint), !own.contains(endpoint) else { return false }
    if let index = indexOf[endpoint] {
      // Someone has just heard of it, so it is worth another try soon.
      if entries[index].state == .idle, entries[index].failures > 0 {
        wait(index, until: min(entries[index].notBefore, now + Self.pauseWhenHeardOf))
      }
      return false
    }
    guard entries.count < Self.capacity else { return false }
    indexOf[endpoint] = entries.count
    entries.append(Entry(endpoint: endpoint, state: .idle, notBefore: now))
    wait(entries.count - 1, until: now)
    return true
  }

  /// The next address to dial, noted as being dialed; `nil` when none is due. O(entries).
  mutating func next(at now: Instant) -> Endpoint? {
    var best: Int?
    nextDue = nil
    for (index, entry) in entries.enumerated() where entry.state == .idle {
      nextDue = min(nextDue ?? entry.notBefore, entry.notBefore)
      guard entry.notBefore <= now else { continue }
      if let other = best, entries[other].failures <= entry.failures { continue }
      best = index
    }
    guard let best else { return nil }
    entries[best].state = .dialing
    dialingCount += 1
    return entries[best].endpoint
  }

  private mutating func wait(_ index: Int, until moment: Instant) {
    entries[index].notBefore = moment
    nextDue = min(nextDue ?? moment, moment)
  }

  /// The dialed address answered and shook hands.
  mutating func connected(_ endpoint: Endpoint) {
    guard let index = indexOf[endpoint] else { return }
    if entries[index].state == .dialing { dialingCount -= 1 }
    entries[index].state = .connected
    entries[index].failures = 0
  }

  /// The address did not answer, or its connection has ended before anything came of it.
  mutating func failed(_ endpoint: Endpoint, at now: Instant) {
    guard let index = indexOf[endpoint] else { return }
    if entries[index].state == .dialing { dialingCount -= 1 }
    entries[index].state = .idle
    entries[index].failures += 1
    if entries[index].failures >= Self.failuresAllowed {
      forget(endpoint)
    } else {
      let pause = Self.firstPause * (1 << (entries[index].failures - 1))
      wait(index, until: now + min(pause, Self.longestPause))
    }
  }

  /// A connection that had worked has ended. A redundant one, of two complete peers, is not sought again soon.
  mutating func disconnected(_ endpoint: Endpoint, at now: Instant, isRedundant: Bool) {
    guard let index = indexOf[endpoint] else { return }
    if entries[index].state == .dialing { dialingCount -= 1 }
    entries[index].state = .idle
    entries[index].failures = max(entries[index].failures, 1)
    wait(index, until: now + (isRedundant ? Self.longestPause : Self.firstPause))
  }

  /// Proven to send wrong data: never dialed, accepted or learnt of again.
  mutating func ban(_ source: PeerSource) {
    banned.insert(source)
    for entry in entries where PeerSource(entry.endpoint) == source { forget(entry.endpoint) }
  }

  /// The address is this client's own.
  mutating func isOwn(_ endpoint: Endpoint) {
    if own.count < Self.capacity { own.insert(endpoint) }
    forget(endpoint)
  }

  private mutating func forget(_ endpoint: Endpoint) {
    guard let index = indexOf.removeValue(forKey: endpoint) else { return }
    if entries[index].state == .dialing { dialingCount -= 1 }
    let last = entries.removeLast()
    if index < entries.count {
      entries[index] = last
      indexOf[last.endpoint] = index
    }
  }
}
