/// Something of which there is only so much, and which comes back: connections that are being made.
///
/// Who asks gets what it asks for while there is enough and nobody is in line; otherwise it waits in line and is called
/// when enough has come back. Invariant: no more is out than there is, but for a single taker that asks for
/// more than all of it while nothing is out, so that nobody waits for ever. O(1).
public struct Supply: Sendable {
  public var capacity: Int
  private var takenBy: [TorrentKey: Int] = [:]
  private var line = WaitingLine<TorrentKey>()
  /// How much those in line want.
  private var wanted: [TorrentKey: Int] = [:]
  private var called: TorrentKey?
  public private(set) var taken = 0

  public init(of capacity: Int) { self.capacity = capacity }

  /// How much this torrent has.
  public func taken(by torrent: TorrentKey) -> Int { takenBy[torrent] ?? 0 }

  /// - Returns: whether it was there. If not, the torrent is in line, and comes again when `nextTurn` has called it.
  public mutating func take(_ amount: Int, for torrent: TorrentKey) -> Bool {
    guard called == torrent || line.isEmpty, fits(amount) else {
      line.join(torrent)
      wanted[torrent] = amount
      return false
    }
    called = nil
    taken += amount
    takenBy[torrent, default: 0] += amount
    return true
  }

  /// As much as the torrent has, at most.
  public mutating func giveBack(_ amount: Int, of torrent: TorrentKey) {
    let before = takenBy[torrent] ?? 0
    let returned = min(amount, before)
    taken -= returned
    takenBy[torrent] = before == returned ? nil : before - returned
  }

  /// The torrent wants nothing any more; what it has it keeps.
  public mutating func leave(_ torrent: TorrentKey) {
    line.leave(torrent)
    wanted[torrent] = nil
    if called == torrent { called = nil }
  }

  /// All that the torrent has comes back.
  public mutating func remove(_ torrent: TorrentKey) {
    giveBack(.max, of: torrent)
    leave(torrent)
  }

  /// Who has waited longest, if what it wants is there: it is out of the line, and the next to `take`. To be called until
  /// it answers `nil`, with whatever comes of each call done before the next.
  public mutating func nextTurn() -> TorrentKey? {
    called = nil
    guard let torrent = line.first(), let amount = wanted[torrent], fits(amount) else { return nil }
    _ = line.callFirst()
    wanted[torrent] = nil
    called = torrent
    return torrent
  }

  private func fits(_ amount: Int) -> Bool { taken == 0 || amount <= capacity - taken }
}
