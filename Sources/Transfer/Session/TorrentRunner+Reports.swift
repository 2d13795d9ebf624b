import Metainfo

/// When the last report was made, and what there was at the start.
struct ProgressReport {
  var began = Instant(nanoseconds: 0)
  var last: Instant?
  var bytesAtStart = 0
  var isCompleted = false
}

/// What the torrent tells, and its tracker.
extension TorrentRunner {
  func bytes(of pieces: Bitfield) -> Int {
    guard !pieces.isEmpty else { return 0 }
    let last = PieceIndex(unchecked: geometry.pieceCount - 1)
    let missing = pieces.contains(last) ? geometry.pieceLength - geometry.length(of: last) : 0
    return pieces.count * geometry.pieceLength - missing
  }

  /// At most once a second.
  func reportProgress() {
    guard isExamined else { return }
    let now = session.loop.now
    if let last = progress.last, now - last < .seconds(1) { return }
    progress.last = now
    session.report(.progress(infoHash, core.progress(at: now, done: bytes(of:))))
  }

  func reportCompletion() {
    guard !progress.isCompleted else { return }
    progress.isCompleted = true
    buffers.releaseFree()
    guard !isSeeding else { return }
    let now = session.loop.now
    session.report(.progress(infoHash, core.progress(at: now, done: bytes(of:))))
    session.report(
      .completed(
        infoHash, seconds: (now - progress.began).seconds, bytes: geometry.totalLength,
        wasted: core.wastedBytes))
    tracker?.completed()
  }
}

extension SwarmCore {
  /// A snapshot for whoever watches. O(pieces / 64).
  mutating func progress(at now: Instant, done: (Bitfield) -> Int) -> TransferProgress {
    TransferProgress(
      done: done(have), total: geometry.totalLength, downRate: downloaded.rate(at: now),
      upRate: uploaded.rate(at: now), downloaded: downloaded.total, uploaded: uploaded.total,
      peers: peers.count, pieces: have)
  }
}

extension TransferError {
  init(_ error: StorageError) {
    if case .foreignFile = error {
      self.init(.foreignFile, error.description)
    } else {
      self.init(.disk, error.description)
    }
  }
}
