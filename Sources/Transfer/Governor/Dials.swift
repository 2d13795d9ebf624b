/// Connections that are being made, of which there are only so many at once.
///
/// Who asks for one has it while there are any and nobody is in line; otherwise it waits in line and is called when one has
/// come back. Invariant: no more are out than there are. O(1).
public struct Dials: Sendable {
  public var capacity: Int
  private var takenBy: [TorrentKey: Int] = [:]
  private var line = WaitingLine<TorrentKey>()
  private var called: TorrentKey?
  public private(set) var taken = 0

  public init(_ capacity: Int) { self.capacity = capacity }

  /// - Returns: whether there was one. If not, the torrent is in line, and comes again when `nextTurn` has called it.
  public mutating func take(for torrent: TorrentKey) -> Bool {
    guard called == torrent || line.isEmpty, taken < capacity else {
      line.join(torrent)
      return false
    }
    called = nil
    taken += 1
    takenBy[torrent, default: 0] += 1
    return true
  }

  public mutating func giveBack(of torrent: TorrentKey) {
    guard let before = takenBy[torrent] else { return }
    taken -= 1
    takenBy[torrent] = before == 1 ? nil : before - 1
  }

  /// All that the torrent has comes back, and it wants no more.
  public mutating func remove(_ torrent: TorrentKey) {
    taken -= takenBy.removeValue(forKey: torrent) ?? 0
    line.leave(torrent)
    if called == torrent { called = nil }
  }

  /// Who has waited longest, if there is one for it: it is out of the line, and the next to `take`. To be called until
  /// it answers `nil`, with whatever comes of each call done before the next.
  public mutating func nextTurn() -> TorrentKey? {
    called = nil
    guard taken < capacity, line.first() != nil else { return nil }
    called = line.callFirst()
    return called
  }
}
