import Metainfo

/// Which torrents are announced on the local network, and when: at once when one is added, every five minutes
/// after that, and when a peer is heard for the first time, so that it needn't wait for us. A peer is known by its
/// address and its cookie: a program that is started again, at the same port, is a new one and is answered.
///
/// An answer comes at least half a second after the announce before it: a crowd that starts together, or a
/// forger of peers, draws two small datagrams a second at most.
public struct LocalDiscoverySchedule: Sendable {
  static let repetition = Instant.Span.seconds(5 * 60)
  static let pause = Instant.Span.milliseconds(500)
  /// Peers remembered of one torrent. When it is reached, all are forgotten.
  static let peerLimit = 256

  private struct Entry: Sendable {
    var due: Instant
    var last: Instant?
    var known: Set<Neighbour> = []
  }

  private struct Neighbour: Hashable, Sendable {
    let endpoint: Endpoint
    let cookie: String?
  }

  /// What this client's messages carry.
  public let cookie: String
  private var entries: [InfoHash: Entry] = [:]

  public init(using random: inout some RandomNumberGenerator) {
    // Hexadecimal within 31 bits is what other clients can read.
    cookie = String(UInt32.random(in: 1...0x7fff_ffff, using: &random), radix: 16)
  }

  /// Begins to announce a torrent.
  public mutating func add(_ infoHash: InfoHash, at now: Instant) {
    if entries[infoHash] == nil { entries[infoHash] = Entry(due: now) }
  }

  /// Ends the announcing of a torrent.
  public mutating func remove(_ infoHash: InfoHash) { entries[infoHash] = nil }

  /// A message has come from `address`: the peers it makes known, for torrents of this client's; none when
  /// the message is its own.
  public mutating func heard(
    _ message: LocalDiscoveryMessage, from address: IPAddress, at now: Instant
  ) -> [(infoHash: InfoHash, peer: Endpoint)] {
    guard message.cookie != cookie else { return [] }
    let peer = Endpoint(address, port: message.port)
    return message.infoHashes.compactMap { infoHash in
      guard var entry = entries[infoHash] else { return nil }
      if entry.known.count >= Self.peerLimit { entry.known.removeAll() }
      if entry.known.insert(Neighbour(endpoint: peer, cookie: message.cookie)).inserted {
        entry.due = min(entry.due, entry.last.map { max(now, $0 + Self.pause) } ?? now)
      }
      entries[infoHash] = entry
      return (infoHash, peer)
    }
  }

  /// The torrents to announce now; each counts as announced.
  public mutating func takeDue(at now: Instant) -> [InfoHash] {
    let due = entries.filter { $0.value.due <= now }.keys
    for infoHash in due {
      entries[infoHash]?.last = now
      entries[infoHash]?.due = now + Self.repetition
    }
    return Array(due)
  }

  /// When `takeDue` has something next; `nil` without torrents. O(torrents)
  public var nextDue: Instant? { entries.values.map(\.due).min() }
}
