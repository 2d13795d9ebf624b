import Transfer

/// What the torrents of a transfer have come to, one by one and all taken together. Taking in a report is O(1), however
/// many torrents there are.
struct TransferSums {
  private var latest: [TorrentID: TransferProgress] = [:]
  /// Bytes that are wanted of all torrents: as the torrents say until they report.
  private(set) var total: Int
  private(set) var done = 0
  /// Bytes per second.
  private(set) var downRate = 0
  private(set) var upRate = 0
  private(set) var downloaded = 0
  private(set) var uploaded = 0
  private(set) var peers = 0

  init(_ items: [TorrentID: TransferItem]) { total = items.values.reduce(0) { $0 &+ $1.total } }

  /// The last report of one torrent.
  subscript(id: TorrentID) -> TransferProgress? { latest[id] }

  mutating func note(_ now: TransferProgress, of item: TransferItem, _ id: TorrentID) {
    let before = latest.updateValue(now, forKey: id)
    total &+= now.total &- (before?.total ?? item.total)
    done &+= now.done &- (before?.done ?? 0)
    downRate &+= now.downRate &- (before?.downRate ?? 0)
    upRate &+= now.upRate &- (before?.upRate ?? 0)
    downloaded &+= now.downloaded &- (before?.downloaded ?? 0)
    uploaded &+= now.uploaded &- (before?.uploaded ?? 0)
    peers &+= now.peers &- (before?.peers ?? 0)
  }
}
