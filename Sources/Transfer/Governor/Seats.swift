/// The connections that a session may have, over all its torrents.
///
/// Some seats are for those whom this side dials. One address, and one network (/24 of IPv4, /48 of IPv6), has a bounded part of
/// the others; the machine itself and private networks may have all, since whole households and test benches
/// sit behind them. When no seat is free, a torrent with more than its part has to give one up. Which of its
/// peers goes is the torrent's own business. Invariant: no more seats are taken than there are.
public struct Seats: Sendable {
  /// Whether there is room for one more.
  public enum Answer: Hashable, Sendable {
    case free
    /// Not before this torrent has given up a seat.
    case after(TorrentKey)
    /// This address or its network has its part already.
    case crowded
    /// Nobody has to give way.
    case full
  }

  private struct Network: Hashable, Sendable {
    let isIPv4: Bool
    let prefix: UInt64

    init(_ address: IPAddress) {
      isIPv4 = address.isIPv4
      prefix = address.bytes.prefix(isIPv4 ? 3 : 6).reduce(0) { $0 << 8 | UInt64($1) }
    }
  }

  public var capacity: Int
  private var seatsOf: [TorrentKey: Int] = [:]
  private var atAddress: [IPAddress: Int] = [:]
  private var inNetwork: [Network: Int] = [:]
  public private(set) var taken = 0
  /// Those who came by themselves.
  public private(set) var incoming = 0

  public init(_ capacity: Int) { self.capacity = max(1, capacity) }

  /// Seats that only those get whom this side has dialed.
  var reserved: Int { capacity < 8 ? 0 : capacity / 8 }
  /// Seats for one address, and for one network.
  var partOfAddress: Int { max(2, capacity / 16) }
  var partOfNetwork: Int { max(4, capacity / 4) }

  /// How many seats this torrent has.
  public func taken(by torrent: TorrentKey) -> Int { seatsOf[torrent] ?? 0 }

  /// Whether a peer can sit down. O(1) while there is room, else O(torrents with peers).
  public func ask(_ address: IPAddress, for torrent: TorrentKey, isOutgoing: Bool) -> Answer {
    if !isOutgoing, isCrowded(address) { return .crowded }
    let room = isOutgoing ? capacity - taken : min(capacity - taken, capacity - reserved - incoming)
    if room > 0 { return .free }
    // A torrent that has its part makes room itself; one that has less is given room by the largest.
    let torrents = seatsOf.count + (seatsOf[torrent] == nil ? 1 : 0)
    if taken(by: torrent) > 0, taken(by: torrent) >= capacity / max(1, torrents) { return .after(torrent) }
    guard
      let largest = seatsOf.max(by: { a, b in
        a.value != b.value ? a.value < b.value : a.key.slot > b.key.slot
      }), largest.value > 1 || largest.key == torrent
    else { return .full }
    return .after(largest.key)
  }

  /// Takes a seat that is free.
  public mutating func take(_ address: IPAddress, for torrent: TorrentKey, isOutgoing: Bool) {
    taken += 1
    seatsOf[torrent, default: 0] += 1
    guard !isOutgoing else { return }
    incoming += 1
    guard !address.isPrivate else { return }
    atAddress[address, default: 0] += 1
    inNetwork[Network(address), default: 0] += 1
  }

  public mutating func giveBack(_ address: IPAddress, of torrent: TorrentKey, isOutgoing: Bool) {
    guard let before = seatsOf[torrent] else { return }
    taken -= 1
    seatsOf[torrent] = before > 1 ? before - 1 : nil
    guard !isOutgoing else { return }
    incoming -= 1
    guard !address.isPrivate else { return }
    Self.decrement(&atAddress, address)
    Self.decrement(&inNetwork, Network(address))
  }

  private func isCrowded(_ address: IPAddress) -> Bool {
    guard !address.isPrivate else { return false }
    return atAddress[address] ?? 0 >= partOfAddress || inNetwork[Network(address)] ?? 0 >= partOfNetwork
  }

  private static func decrement<Key: Hashable>(_ counts: inout [Key: Int], _ key: Key) {
    guard let count = counts[key] else { return }
    counts[key] = count > 1 ? count - 1 : nil
  }
}

extension IPAddress {
  /// An address that means nothing outside its own network: this machine, RFC 1918, link-local, RFC 4193.
  var isPrivate: Bool {
    let bytes = bytes
    if isLoopback { return true }
    if isIPv4 {
      return bytes[0] == 10 || (bytes[0] == 172 && bytes[1] & 0xf0 == 16)
        || (bytes[0] == 192 && bytes[1] == 168) || (bytes[0] == 169 && bytes[1] == 254)
    }
    return bytes[0] & 0xfe == 0xfc || (bytes[0] == 0xfe && bytes[1] & 0xc0 == 0x80)
  }
}
