import Metainfo
import Text
import Transfer

/// What the user sees of a transfer.
extension TransferMonitor {
  /// The name of the torrent that an event is about; empty for one about none.
  func name(of event: SessionEvent) -> String {
    EventLine(event: event).id.flatMap { torrents[$0]?.item.name } ?? ""
  }

  mutating func remark(on event: SessionEvent) {
    guard !console.isQuiet else { return }
    switch event {
    case .listening(let endpoint):
      sayListening(endpoint)
    case .verified(let hash, let good, let total):
      guard let item = torrents[hash]?.item else { return }
      if case .seed = goal {
        if good == total {
          say("seeding \(item.place): \(Quantity.size(item.total)), \(Quantity.count(total, "piece"))")
        }
      } else if good > 0, good < total {
        say("\(item.place): \(good) of \(Quantity.count(total, "piece")) are there already")
      }
    case .peer(_, let endpoint, .banned, _):
      warn("peer \(endpoint): banned for sending wrong data")
    case .tracker(_, let url, let outcome):
      remark(on: url, outcome)
    case .warning(let hash, let text):
      warn(torrents[hash].map { "\($0.item.name): \(text)" } ?? text)
    case .refused, .peer, .piece, .progress, .completed, .failed, .removed, .missed:
      break
    }
  }

  /// Each family has a socket; that all of this machine listens need be said once.
  private mutating func sayListening(_ endpoint: Endpoint) {
    // A script that downloads has no use for it; a service's log has.
    if case .complete = goal, !console.errors.isTerminal { return }
    let isAny = endpoint.address.bytes.allSatisfy { $0 == 0 }
    guard !isAny || announcedPorts.insert(endpoint.port).inserted else { return }
    say(isAny ? "listening on port \(endpoint.port)" : "listening at \(endpoint)")
  }

  private mutating func remark(on url: String, _ outcome: TrackerOutcome) {
    let text: String
    switch outcome {
    case .peers: text = ""
    case .failure(let reason), .warning(let reason): text = reason
    }
    guard trackerRemarks.updateValue(text, forKey: url) != text, !text.isEmpty else { return }
    warn("tracker \(url): \(text)")
  }

  mutating func printResult(_ id: TorrentID, _ seconds: Double, _ bytes: Int) throws(CommandFailure) {
    guard !console.isQuiet, !events, !console.manner.json, let torrent = torrents[id] else { return }
    line.clear()
    let place = Escaping.escaped(torrent.item.place)
    // Of a selection nothing was missing if nothing came.
    if torrent.wasComplete || torrent.item.isSelection && torrent.progress?.downloaded == 0 {
      return try console.print("\(place): already complete: \(Quantity.size(bytes))\n")
    }
    // What was there already did not come at any rate.
    let came = torrent.progress.map { min($0.downloaded, bytes) } ?? bytes
    let rate = seconds >= 0.001 ? " (\(Quantity.rate(Int(Double(came) / seconds))))" : ""
    try console.print("\(place): complete: \(Quantity.size(bytes)) in \(Quantity.seconds(seconds))\(rate)\n")
  }

  /// Several torrents taken together, below the lines of each.
  mutating func printTotal(at time: Double) throws(CommandFailure) {
    guard !console.isQuiet, !events, !console.manner.json else { return }
    line.clear()
    let count = torrents.count - torrents.failedCount
    let rate = time >= 0.001 ? " (\(Quantity.rate(Int(Double(torrents.downloaded) / time))))" : ""
    try console.print(
      "\(count) of \(torrents.count) torrents complete: \(Quantity.size(torrents.downloaded)) fetched in "
        + "\(Quantity.seconds(time))\(rate)\n")
  }

  /// The user has ended it: what has come of it, and what to do to go on.
  mutating func sayInterrupted(at time: Double) {
    guard !console.isQuiet else { return }
    let isFetching = if case .complete = goal { torrents.done < torrents.total } else { false }
    if !isVerified {
      say("interrupted while checking what is there")
    } else if isFetching, torrents.done == 0 {
      say("interrupted: nothing has come yet")
    } else if isFetching {
      let (done, total) = (Quantity.size(torrents.done), Quantity.size(torrents.total))
      say(
        "interrupted at \(Quantity.percent(torrents.done, of: torrents.total)): \(done) of \(total) are kept; the same command goes on from here"
      )
    } else {
      say("uploaded \(Quantity.size(torrents.uploaded)) in \(Quantity.duration(time))")
    }
  }

  /// For people; who reads events has been told.
  private mutating func say(_ text: String) {
    guard !events, !console.isQuiet else { return }
    line.clear()
    try? console.errors.write(Escaping.escaped(text) + "\n")
  }

  private mutating func warn(_ text: String) {
    line.clear()
    console.warn(text)
  }

  mutating func draw() {
    guard isVerified else {
      return line.show { String("checking what is there".prefix($0)) }
    }
    let status = status
    let isUnicode = console.isUnicode
    line.show { status.line(columns: $0, isUnicode: isUnicode) }
  }

  /// All torrents taken together; the map is that of the first, for want of a common one.
  private var status: TransferStatus {
    let first = torrents.count == 1 ? torrents.first : nil
    let pieces = first?.progress?.pieces
    return TransferStatus(
      done: torrents.done, total: torrents.total, downRate: torrents.downRate, upRate: torrents.upRate,
      peers: torrents.peers, pieceCount: first?.item.pieceCount ?? 0,
      has: { pieces?.contains(PieceIndex(unchecked: $0)) ?? false }, uploaded: torrents.uploaded,
      hadPeers: hadPeers)
  }
}
