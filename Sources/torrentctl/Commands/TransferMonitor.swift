import Metainfo
import Transfer

/// What a running transfer hears, from the session and from the process around it.
enum TransferInput: Sendable {
  case session(SessionEvent)
  /// Time has passed; comes about twice a second.
  case tick
  /// The user wants it to end.
  case interrupted
}

/// Watches a session: tells the user what happens, and decides when it is over and with what answer.
///
/// It has no clock, no signals and no socket of its own, so a test plays a transfer to it as a list of inputs.
struct TransferMonitor {
  let console: Console
  let goal: TransferGoal
  private(set) var torrents: TransferStandings
  let events: Bool
  private let log: LogFile?
  var line: ProgressLine
  var announcedPorts: Set<UInt16> = []
  /// The last thing that each tracker said, so that it is told once.
  var trackerRemarks: [String: String] = [:]
  /// Somebody was connected.
  private(set) var hadPeers = false
  /// What has been moved, and when that last became more.
  private var moved = 0
  private var lastMove = 0.0
  /// Of the torrents that have failed while others went on.
  private var worst = ExitCode.done
  private var lastDrawing = -Double.infinity
  /// Seconds between two drawings of one line that nobody could tell apart.
  private static let drawingInterval = 0.1

  init(
    _ console: Console, goal: TransferGoal, torrents: TransferStandings, arguments: TransferArguments
  ) throws(CommandFailure) {
    self.console = console
    self.goal = goal
    self.torrents = torrents
    events = arguments.events
    if let path = arguments.log {
      log = try LogFile(path: console.path(path), shown: path)
    } else {
      log = nil
    }
    line = ProgressLine(console)
  }

  /// What it has to hear. A piece is told to those who follow each step; others see how many there are from time to time.
  var wanted: PassingEvents { followsSteps || events ? .all : .all.subtracting(.pieces) }

  /// Somebody reads each step, as a line of text.
  private var followsSteps: Bool { log != nil || console.manner.loudness == .verbose }

  /// Takes in what happened `time` seconds after the start. An answer means that it is over.
  mutating func handle(_ input: TransferInput, at time: Double) throws(CommandFailure) -> ExitCode? {
    switch input {
    case .interrupted:
      return .interrupted
    case .tick:
      try checkProgress(at: time)
      draw(at: time)
      return isGivenAway(at: time) ? .done : nil
    case .session(let event):
      try note(event, at: time)
      return try decide(event, at: time)
    }
  }

  /// Reports an event without drawing a conclusion: also what still happens while the session ends.
  mutating func note(_ event: SessionEvent, at time: Double) throws(CommandFailure) {
    if followsSteps, let text = EventLine(event: event).text(name: name(of: event)) {
      log?.append(text)
      if console.manner.loudness == .verbose {
        line.clear()
        console.detail(text)
      }
    }
    // What ends the command is its last event, and not this one.
    if case .failed = event { return }
    if events { try console.print(EventLine(event: event).json(time: time).line + "\n") }
    remark(on: event)
  }

  /// The error that ends it.
  func note(_ failure: CommandFailure) { log?.append("error: \(failure.message)") }

  /// Leaves the terminal tidy, and tells of the end who wants a document of it.
  mutating func finish(at time: Double, _ answer: ExitCode?) throws(CommandFailure) {
    line.clear()
    guard console.manner.json, let answer else { return }
    try console.print(torrents.json(exitCode: answer, seconds: time).document)
  }

  // MARK: Decisions

  private mutating func decide(_ event: SessionEvent, at time: Double) throws(CommandFailure) -> ExitCode? {
    switch event {
    case .verified(let hash, let good, let total):
      torrents.verified(hash, isComplete: good == total)
      lastMove = time
      if case .seed = goal, good < total { throw mismatch(hash, good: good, total: total) }
    case .progress(let id, let now):
      torrents.note(now, of: id, untilRatio: goal.ratio)
      hadPeers = hadPeers || torrents.peers > 0
      if movedSum != moved {
        moved = movedSum
        lastMove = time
      }
      draw(at: time)
      if isGivenAway(at: time) { return .done }
    case .completed(let hash, let seconds, let bytes, _):
      torrents.completed(hash)
      if case .complete = goal { try printResult(hash, seconds, bytes) }
      return try ended(at: time)
    case .failed(let hash, let error):
      torrents.failed(hash)
      guard torrents.failedCount < torrents.count else { throw CommandFailure(error) }
      // One of several: the others go on.
      if events { try console.print(EventLine(event: event).json(time: time).line + "\n") }
      line.clear()
      let failure = CommandFailure(error)
      console.complain(failure)
      if failure.code.rawValue > worst.rawValue { worst = failure.code }
      return try ended(at: time)
    case .warning(let id, let text): torrents.warned(id, text)
    case .listening, .refused, .peer, .piece, .tracker, .removed, .missed:
      break
    }
    return nil
  }

  /// Whether a download has nothing more to wait for.
  private mutating func ended(at time: Double) throws(CommandFailure) -> ExitCode? {
    guard case .complete(let seeds, _) = goal, !seeds, torrents.incompleteCount == 0 else { return nil }
    if torrents.count > 1 { try printTotal(at: time) }
    return worst
  }

  /// What counts as progress: bytes in for a download, bytes out for a seed.
  private var movedSum: Int {
    switch goal {
    case .complete: torrents.done &+ torrents.downloaded
    case .seed: torrents.uploaded
    }
  }

  /// Draws the line if it is time to.
  private mutating func draw(at time: Double) {
    guard time - lastDrawing >= Self.drawingInterval || time < lastDrawing else { return }
    lastDrawing = time
    draw()
  }

  private func mismatch(_ id: TorrentID, good: Int, total: Int) -> CommandFailure {
    let item = torrents[id]?.item
    return CommandFailure(
      "\(item?.place ?? "\(id.swarm)"): content does not match: \(total - good) of \(Quantity.count(total, "piece")) "
        + (total - good == 1 ? "differs" : "differ"),
      hint: item.map { "'torrentctl verify \($0.file)' shows where" }, code: .no)
  }

  private func checkProgress(at time: Double) throws(CommandFailure) {
    guard case .complete(_, let timeout?) = goal, time - lastMove >= timeout, let torrent = torrents.first
    else {
      return
    }
    let (item, now) = (torrent.item, torrent.progress)
    // What is complete and goes on seeding has nothing to wait for.
    if torrents.incompleteCount == 0 { return }
    if torrents.count > 1 { throw standstill(timeout) }
    let peers = now?.peers ?? 0
    throw CommandFailure(
      "\(item.name): no progress for \(Quantity.duration(timeout)): \(Quantity.percent(now?.done ?? 0, of: now?.total ?? item.total)) done, "
        + (peers == 0 ? "no peers" : Quantity.count(peers, "peer"))
        + (peers == 0 ? "" : Self.absence(item, now)),
      hint: peers == 0 ? "is somebody seeding it? --peer HOST:PORT names a peer" : torrent.warning,
      code: .network)
  }

  /// The same for several.
  private func standstill(_ timeout: Double) -> CommandFailure {
    CommandFailure(
      "\(torrents.incompleteCount) of \(Quantity.count(torrents.count, "torrent")): no progress for "
        + "\(Quantity.duration(timeout)): \(Quantity.percent(torrents.done, of: torrents.total)) done, "
        + (torrents.peers == 0 ? "no peers" : Quantity.count(torrents.peers, "peer")),
      hint: torrents.peers == 0 ? "is somebody seeding them? --peer HOST:PORT names a peer" : nil,
      code: .network)
  }

  /// Which pieces are missing that none of the peers has.
  private static func absence(_ item: TransferItem, _ now: TransferProgress?) -> String {
    guard let now, now.unavailable > 0 else { return "" }
    let missing =
      item.isSelection ? [] : (0..<item.pieceCount).filter { !now.pieces.contains(PieceIndex(unchecked: $0)) }
    // Of more than are missing altogether it is not known which ones they are.
    guard missing.count == now.unavailable else {
      return ", \(Quantity.count(now.unavailable, "missing piece")) with no source"
    }
    return ", no source of " + (missing.count == 1 ? "piece " : "pieces ") + Quantity.ranges(missing)
  }

  /// Whether all content has been looked at.
  var isVerified: Bool { torrents.unexaminedCount == 0 }

  /// Whether a seed has done what it was asked for.
  private func isGivenAway(at time: Double) -> Bool {
    guard case .seed(let ratio, let idle) = goal, isVerified else { return false }
    if let idle, time - lastMove >= idle { return true }
    return ratio != nil && torrents.ungivenCount == 0
  }
}
