import Metainfo

/// The torrent and its trackers.
extension TorrentRunner {
  func startTracker() {
    guard !torrent.announce.isEmpty else { return }
    let facts = TrackerRunner.Facts(
      infoHash: infoHash, peerID: session.ownID, port: session.port, announce: torrent.announce)
    let means = HTTPExchange.Means(
      loop: session.loop, resolver: session.resolver, localAddresses: session.localAddresses)
    let tracker = TrackerRunner(facts, by: means) { [weak self] in
      self?.totals ?? TransferTotals(uploaded: 0, downloaded: 0, left: 0)
    } found: { [weak self] peers in
      self?.learn(peers, from: .tracker)
    } report: { [session, id] url, outcome in
      session.report(.tracker(id, url: url, outcome))
    }
    self.tracker = tracker
    tracker.start()
  }

  /// Asks the trackers as early as they allow when a download has nobody to fetch from.
  func seekPeers() {
    if isSeekingPeers { tracker?.wantsPeers() }
  }

  var isSeekingPeers: Bool { tracker != nil && !core.isComplete && core.peers.count == 0 }

  /// Tells the trackers of the end; `done` comes at once or within 5 seconds.
  func stopTracker(_ done: @escaping () -> Void) {
    guard let tracker else { return done() }
    tracker.stop(done)
  }

  private var totals: TransferTotals {
    TransferTotals(
      uploaded: core.uploaded.total, downloaded: core.downloaded.total, left: missingBytes)
  }
}
