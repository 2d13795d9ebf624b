/// When the connections are looked at next: for silence, and for keep-alives that are due.
///
/// Every message puts off the moments of one peer, so what the last look found is never too late; the next look
/// finds the moments as they are then. So a message costs nothing here, and a swarm that only lives is looked at
/// once in a keep-alive's time, or once a second where many peers are.
struct Upkeep {
  static let keepAliveInterval = Instant.Span.seconds(100)
  /// BEP 3: connections are closed after about two minutes of silence; a little slack for slow lines.
  static let silenceAllowed = Instant.Span.seconds(150)
  private static let shortestPause = Instant.Span.seconds(1)

  /// `nil` while nobody is connected.
  private(set) var due: Instant?

  /// A look is to come for this peer.
  mutating func expect(_ peer: Peer) {
    let soonest = min(peer.lastSent + Self.keepAliveInterval, peer.lastHeard + Self.silenceAllowed)
    due = due.map { min($0, soonest) } ?? soonest
  }

  /// A look begins: what it finds is expected anew.
  mutating func begin() { due = nil }

  /// A look is over.
  mutating func end(at now: Instant) { due = due.map { max($0, now + Self.shortestPause) } }
}
