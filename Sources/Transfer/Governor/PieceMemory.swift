/// The memory of the pieces under way, over all torrents of a session, in bytes.
///
/// Every torrent that fetches has an even part of it. Whoever has more than its part begins nothing beyond what keeps its
/// workers busy until it has less; so nobody waits for another, and a torrent alone has everything. What is out is therefore at
/// most the capacity, and besides a piece for each worker. O(1).
public struct PieceMemory: Sendable {
  public var capacity: Int
  private var takenBy: [TorrentKey: Int] = [:]
  public private(set) var taken = 0

  public init(of capacity: Int) { self.capacity = capacity }

  /// How much this torrent may have.
  public func part(of torrent: TorrentKey) -> Int {
    capacity / (takenBy.count + (takenBy[torrent] == nil ? 1 : 0))
  }

  public func taken(by torrent: TorrentKey) -> Int { takenBy[torrent] ?? 0 }

  public mutating func take(_ bytes: Int, for torrent: TorrentKey) {
    taken += bytes
    takenBy[torrent, default: 0] += bytes
  }

  /// As much as the torrent has, at most.
  public mutating func giveBack(_ bytes: Int, of torrent: TorrentKey) {
    guard let before = takenBy[torrent] else { return }
    let returned = min(bytes, before)
    taken -= returned
    takenBy[torrent] = before == returned ? nil : before - returned
  }

  /// All that the torrent has comes back.
  public mutating func remove(_ torrent: TorrentKey) { giveBack(.max, of: torrent) }
}
