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
  var missingBytes: Int { geometry.byteCount(of: core.missing) }

  /// Makes the torrent's pulse beat as long as something moves or waits: reports at most once a second, trackers to be
  /// asked. O(1)
  func beat() {
    guard pulse == nil, !isStopped, isSeekingPeers || progress.moved != moved else { return }
    let now = session.loop.now
    let soon = now + .milliseconds(250)
    let due = progress.last.map { max($0 + .seconds(1), now) } ?? soon
    pulse = session.loop.schedule(after: due - now) { [weak self] in
      guard let self else { return }
      self.pulse = nil
      if buffers.isIdle, checks.isEmpty { buffers.releaseFree() }
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
    let now = session.loop.now
    if let last = progress.last, now - last < .seconds(1) { return }
    report(progressAt: now)
    // Rates fall for a few seconds after the last byte, and are told until they have.
    let isMoving = core.downloaded.rate(at: now) > 0 || core.uploaded.rate(at: now) > 0
    progress.moved = isMoving ? nil : moved
  }

  private func report(progressAt now: Instant) {
    progress.last = now
    session.report(.progress(id, snapshot(at: now)))
  }

  /// How far it is.
  func snapshot(at now: Instant) -> TransferProgress {
    core.progress(at: now, wanted: payload.selection.byteCount, missing: missingBytes)
  }

  /// Before its decisions are performed, so that whoever is about to go is known still.
  func tellObservations() {
    let time = Duration.nanoseconds(session.loop.now.nanoseconds)
    for decision in core.takeObservations() {
      let peer = decision.peer.flatMap { connections[$0]?.endpoint } ?? decision.address
      owner?.tell(TorrentObservation(time: time, decision: decision, peer: peer))
    }
  }

  func reportCompletion() {
    guard !progress.isCompleted else { return }
    progress.isCompleted = true
    buffers.releaseFree()
    let now = session.loop.now
    let summary = TransferSummary(
      seconds: (now - progress.began).seconds, bytes: payload.selection.byteCount, wasted: core.wastedBytes)
    if !isSeeding {
      report(progressAt: now)
      session.report(
        .completed(id, seconds: summary.seconds, bytes: summary.bytes, wasted: summary.wasted))
      tracker?.completed()
    }
    owner?.complete(summary)
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
      peers: peers.count, pieces: have, unavailable: fetching.picker.unavailableCount)
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
