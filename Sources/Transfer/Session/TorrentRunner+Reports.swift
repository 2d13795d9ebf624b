import Metainfo

/// When the last report was made, and what was reported.
struct ProgressReport {
  var began = Instant(nanoseconds: 0)
  var last: Instant?
  /// What had moved by then; `nil` for a report that another has to follow.
  var moved: Int?
  var isCompleted = false
}

/// What the torrent tells, and its tracker.
extension TorrentRunner {
  /// Bytes of the wanted pieces that are not here.
  var missingBytes: Int {
    let pieces = core.missing
    guard !pieces.isEmpty else { return 0 }
    let last = PieceIndex(unchecked: geometry.pieceCount - 1)
    let absent = pieces.contains(last) ? geometry.pieceLength - geometry.length(of: last) : 0
    return pieces.count * geometry.pieceLength - absent
  }

  /// Makes the torrent's pulse beat as long as something moves or waits: reports at most once a second, work that
  /// found no room, trackers to be asked. O(1)
  func beat() {
    guard pulse == nil, !isStopped, hasPostponed || isSeekingPeers || progress.moved != moved else { return }
    let now = session.loop.now
    let soon = now + .milliseconds(250)
    let due = hasPostponed ? soon : progress.last.map { max($0 + .seconds(1), now) } ?? soon
    pulse = session.loop.schedule(after: due - now) { [weak self] in
      guard let self else { return }
      self.pulse = nil
      submitPostponed()
      seekPeers()
      reportProgress()
      beat()
    }
  }

  /// Grows and changes with all that a report tells, but for the rates.
  private var moved: Int {
    core.downloaded.total &+ core.uploaded.total &+ core.have.count &+ core.peers.count
  }

  /// At most once a second.
  private func reportProgress() {
    guard isExamined else { return }
    let now = session.loop.now
    if let last = progress.last, now - last < .seconds(1) { return }
    report(progressAt: now)
    // Rates fall for a few seconds after the last byte, and are told until they have.
    let isMoving = core.downloaded.rate(at: now) > 0 || core.uploaded.rate(at: now) > 0
    progress.moved = isMoving ? nil : moved
  }

  private func report(progressAt now: Instant) {
    progress.last = now
    let snapshot = core.progress(at: now, wanted: payload.selection.byteCount, missing: missingBytes)
    session.report(.progress(infoHash, snapshot))
  }

  func reportCompletion() {
    guard !progress.isCompleted else { return }
    progress.isCompleted = true
    buffers.releaseFree()
    guard !isSeeding else { return }
    let now = session.loop.now
    report(progressAt: now)
    session.report(
      .completed(
        infoHash, seconds: (now - progress.began).seconds, bytes: payload.selection.byteCount,
        wasted: core.wastedBytes))
    tracker?.completed()
  }
}

extension SwarmCore {
  /// A snapshot for whoever watches.
  /// - Parameters:
  ///   - wanted: bytes of the wanted pieces.
  ///   - missing: bytes of those that are not here.
  mutating func progress(at now: Instant, wanted: Int, missing: Int) -> TransferProgress {
    TransferProgress(
      done: wanted - missing, total: wanted, downRate: downloaded.rate(at: now),
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
