/// Who may have the threads that take digests: pieces that have just arrived before content that is examined, torrents in
/// turn.
///
/// A piece that has arrived holds memory and keeps its peers waiting; an examination only takes as long as it takes. It
/// uses every thread by itself, so one goes on at a time. Invariant: there are never more turns for arrivals out than
/// there are threads, and never more than one for an examination. O(1).
public struct HashingTurns: Sendable {
  public enum Work: Hashable, Sendable {
    /// Pieces of this torrent that have arrived.
    case arrivals(TorrentKey)
    /// Content of this torrent that lies on disk.
    case examination(TorrentKey)
  }

  public var threads: Int
  private var arrivals = WaitingLine<TorrentKey>()
  private var examinations = WaitingLine<TorrentKey>()
  private var examining: TorrentKey?
  private var busy = 0

  public init(threads: Int) { self.threads = max(1, threads) }

  /// The torrent has work of this kind, until it is called for it.
  public mutating func want(_ work: Work) {
    switch work {
    case .arrivals(let torrent): arrivals.join(torrent)
    case .examination(let torrent): examinations.join(torrent)
    }
  }

  /// What is to be begun, if a thread is free.
  public mutating func next() -> Work? {
    if busy < threads, let torrent = arrivals.callFirst() {
      busy += 1
      return .arrivals(torrent)
    }
    guard examining == nil, let torrent = examinations.callFirst() else { return nil }
    examining = torrent
    return .examination(torrent)
  }

  /// What was begun is done.
  public mutating func finished(_ work: Work) {
    switch work {
    case .arrivals: busy = max(0, busy - 1)
    case .examination(let torrent): if examining == torrent { examining = nil }
    }
  }

  /// The torrent is gone. What was begun for it still has to be `finished`.
  public mutating func remove(_ torrent: TorrentKey) {
    arrivals.leave(torrent)
    examinations.leave(torrent)
  }
}
