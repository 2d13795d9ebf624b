import Metainfo
import Transfer

/// The torrents of a transfer, how each stands, and all of them taken together.
///
/// A few hundred bytes for each: `seed` takes them by the ten thousand.
struct TransferStandings {
  struct Standing {
    let item: TransferItem
    /// Its content has been looked at.
    var isVerified = false
    /// Nothing of it was missing at the start.
    var wasComplete = false
    /// All that is wanted of it is here.
    var isComplete = false
    /// It has been given away as often as was asked for.
    var isGiven = false
    /// It has stopped for an error.
    var hasFailed = false
    /// The last report.
    var progress: TransferProgress?
    /// What was last warned of.
    var warning: String?
  }

  private var numbers: [TorrentID: Int32] = [:]
  private var standings: [Standing] = []

  /// Torrents whose content has yet to be looked at, and that have not failed.
  private(set) var unexaminedCount = 0
  /// Torrents that have yet to be given away often enough, and that have not failed.
  private(set) var ungivenCount = 0
  /// Torrents of which something is missing still, and that have not failed.
  private(set) var incompleteCount = 0
  private(set) var failedCount = 0
  /// Bytes that are wanted of all torrents: as the torrents say until they report.
  private(set) var total = 0
  private(set) var done = 0
  /// Bytes per second.
  private(set) var downRate = 0
  private(set) var upRate = 0
  private(set) var downloaded = 0
  private(set) var uploaded = 0
  private(set) var peers = 0

  /// - Parameter count: how many are about to be added.
  init(reserving count: Int = 1) {
    numbers.reserveCapacity(count)
    standings.reserveCapacity(count)
  }

  var count: Int { standings.count }

  /// The one that was added first.
  var first: Standing? { standings.first }

  subscript(id: TorrentID) -> Standing? { numbers[id].map { standings[Int($0)] } }

  /// Returns whether it is new.
  mutating func add(_ item: TransferItem, as id: TorrentID) -> Bool {
    guard numbers[id] == nil else { return false }
    numbers[id] = Int32(standings.count)
    standings.append(Standing(item: item))
    unexaminedCount += 1
    ungivenCount += 1
    incompleteCount += 1
    total &+= item.total
    return true
  }

  /// Its content has been looked at.
  mutating func verified(_ id: TorrentID, isComplete: Bool) {
    change(id) {
      $0.isVerified = true
      if isComplete { $0.wasComplete = true }
    }
  }

  /// All that is wanted of it is here.
  mutating func completed(_ id: TorrentID) { change(id) { $0.isComplete = true } }

  /// It has stopped for an error.
  mutating func failed(_ id: TorrentID) { change(id) { $0.hasFailed = true } }

  /// Something about it is odd.
  mutating func warned(_ id: TorrentID, _ text: String) { change(id) { $0.warning = text } }

  /// It reports.
  /// - Parameter ratio: how many times it is to be given away, if that is asked for.
  mutating func note(_ now: TransferProgress, of id: TorrentID, untilRatio ratio: Double?) {
    change(id) {
      $0.progress = now
      if let ratio { $0.isGiven = Double(now.uploaded) >= ratio * Double($0.item.total) }
    }
  }

  /// How it stands with each, in the order in which they were added.
  func json(exitCode: ExitCode, seconds: Double) -> JSON {
    let ids = Dictionary(numbers.map { ($1, $0) }) { first, _ in first }
    return [
      "torrents": .array(standings.indices.map { Self.json(standings[$0], ids[Int32($0)]) }),
      "seconds": .rounded(seconds), "exitCode": .integer(Int(exitCode.rawValue)),
    ]
  }

  private static func json(_ one: Standing, _ id: TorrentID?) -> JSON {
    let now = one.progress
    return [
      "torrent": .string(one.item.file), "name": .string(one.item.name), "content": .string(one.item.place),
      "infoHash": id.map(TorrentDescription.json) ?? .null,
      "complete": .bool(
        one.isVerified && !one.hasFailed && (now.map { $0.done == $0.total } ?? one.wasComplete)),
      "failed": .bool(one.hasFailed),
      "total": .integer(now?.total ?? one.item.total),
      "done": .integer(now?.done ?? (one.wasComplete ? one.item.total : 0)),
      "downloaded": .integer(now?.downloaded ?? 0), "uploaded": .integer(now?.uploaded ?? 0),
    ]
  }

  private mutating func change(_ id: TorrentID, _ body: (inout Standing) -> Void) {
    guard let number = numbers[id].map(Int.init) else { return }
    count(standings[number], -1)
    body(&standings[number])
    count(standings[number], 1)
  }

  /// Adds one to the sums, or takes it out of them.
  private mutating func count(_ one: Standing, _ sign: Int) {
    unexaminedCount += one.isVerified || one.hasFailed ? 0 : sign
    ungivenCount += one.isGiven || one.hasFailed ? 0 : sign
    incompleteCount += one.isComplete || one.hasFailed ? 0 : sign
    failedCount += one.hasFailed ? sign : 0
    total &+= sign &* (one.progress?.total ?? one.item.total)
    guard let now = one.progress else { return }
    done &+= sign &* now.done
    downRate &+= sign &* now.downRate
    upRate &+= sign &* now.upRate
    downloaded &+= sign &* now.downloaded
    uploaded &+= sign &* now.uploaded
    peers &+= sign &* now.peers
  }
}
