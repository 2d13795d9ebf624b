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
  private let console: Console
  private let goal: TransferGoal
  private let items: [InfoHash: TransferItem]
  private let events: Bool
  private let quiet: Bool
  private let log: LogFile?
  private var line: ProgressLine
  private var progress: [InfoHash: TransferProgress] = [:]
  private var verified: Set<InfoHash> = []
  private var announcedPorts: Set<UInt16> = []
  /// The last thing that each tracker said, so that it is told once.
  private var trackerRemarks: [String: String] = [:]
  /// What has been moved, and when that last became more.
  private var moved = 0
  private var lastMove = 0.0

  init(
    _ console: Console, goal: TransferGoal, items: [InfoHash: TransferItem], arguments: TransferArguments
  ) throws(CommandFailure) {
    self.console = console
    self.goal = goal
    self.items = items
    events = arguments.events
    quiet = arguments.quiet
    if let path = arguments.log {
      log = try LogFile(path: console.path(path), shown: path)
    } else {
      log = nil
    }
    line = ProgressLine(console.errors, quiet: arguments.quiet)
  }

  /// Takes in what happened `time` seconds after the start. An answer means that it is over.
  mutating func handle(_ input: TransferInput, at time: Double) throws(CommandFailure) -> ExitCode? {
    switch input {
    case .interrupted:
      return .interrupted
    case .tick:
      try checkProgress(at: time)
      draw()
      return isGivenAway(at: time) ? .done : nil
    case .session(let event):
      try note(event, at: time)
      return try decide(event, at: time)
    }
  }

  /// Reports an event without drawing a conclusion: also what still happens while the session ends.
  mutating func note(_ event: SessionEvent, at time: Double) throws(CommandFailure) {
    if let log, let text = EventLine(event: event).text(name: name(of: event)) { log.append(text) }
    if events { try console.print(EventLine(event: event).json(time: time).line + "\n") }
    remark(on: event)
  }

  /// The error that ends it, for those who read events.
  func note(_ failure: CommandFailure, at time: Double) {
    log?.append("error: \(failure.message)")
    guard events, !failure.isSilent else { return }
    let row: JSON = [
      "event": "error", "time": .rounded(time), "message": .string(failure.message),
      "hint": .optional(failure.hint),
      "exitCode": .integer(Int(failure.code.rawValue)),
    ]
    try? console.print(row.line + "\n")
  }

  /// Leaves the terminal tidy.
  mutating func finish() { line.clear() }

  // MARK: Decisions

  private mutating func decide(_ event: SessionEvent, at time: Double) throws(CommandFailure) -> ExitCode? {
    switch event {
    case .verified(let hash, let good, let total):
      verified.insert(hash)
      lastMove = time
      if case .seed = goal, good < total { throw mismatch(hash, good: good, total: total) }
    case .progress(let hash, let now):
      progress[hash] = now
      let sum = progress.values.reduce(0) { $0 &+ moved(in: $1) }
      if sum != moved {
        moved = sum
        lastMove = time
      }
      draw()
      if isGivenAway(at: time) { return .done }
    case .completed(let hash, let seconds, let bytes, _):
      if case .complete(let seeds, _) = goal {
        try printResult(hash, seconds, bytes)
        if !seeds { return .done }
      }
    case .failed(_, let error):
      throw CommandFailure(error)
    case .listening, .peer, .piece, .tracker, .warning:
      break
    }
    return nil
  }

  /// What counts as progress: bytes in for a download, bytes out for a seed.
  private func moved(in progress: TransferProgress) -> Int {
    switch goal {
    case .complete: progress.done &+ progress.downloaded
    case .seed: progress.uploaded
    }
  }

  private func mismatch(_ hash: InfoHash, good: Int, total: Int) -> CommandFailure {
    let item = items[hash]
    return CommandFailure(
      "\(item?.place ?? "\(hash)"): content does not match: \(total - good) of \(Quantity.count(total, "piece")) "
        + (total - good == 1 ? "differs" : "differ"),
      hint: item.map { "'torrentctl verify \($0.file)' shows where" }, code: .no)
  }

  private func checkProgress(at time: Double) throws(CommandFailure) {
    guard case .complete(_, let timeout?) = goal, time - lastMove >= timeout, let (hash, item) = items.first
    else {
      return
    }
    let now = progress[hash]
    // One that is complete and goes on seeding has nothing to wait for.
    if let now, now.done == now.total, verified.contains(hash) { return }
    let peers = now?.peers ?? 0
    throw CommandFailure(
      "\(item.name): no progress for \(Quantity.duration(timeout)): \(Quantity.percent(now?.done ?? 0, of: item.total)) done, "
        + (peers == 0 ? "no peers" : Quantity.count(peers, "peer")),
      hint: peers == 0 ? "is somebody seeding it? --peer HOST:PORT names a peer" : nil, code: .network)
  }

  /// Whether a seed has done what it was asked for.
  private func isGivenAway(at time: Double) -> Bool {
    guard case .seed(let ratio, let idle) = goal, verified.count == items.count else { return false }
    if let idle, time - lastMove >= idle { return true }
    guard let ratio else { return false }
    return items.allSatisfy { hash, item in
      Double(progress[hash]?.uploaded ?? 0) >= ratio * Double(item.total)
    }
  }

  // MARK: What the user sees

  private func name(of event: SessionEvent) -> String {
    let item: TransferItem? =
      switch event {
      case .listening: nil
      case .verified(let hash, _, _), .peer(let hash, _, _, _), .piece(let hash, _, _),
        .progress(let hash, _),
        .completed(let hash, _, _, _), .tracker(let hash, _, _), .warning(let hash, _), .failed(let hash, _):
        items[hash]
      }
    return item?.name ?? ""
  }

  private mutating func remark(on event: SessionEvent) {
    guard !quiet else { return }
    switch event {
    case .listening(let endpoint):
      sayListening(endpoint)
    case .verified(let hash, let good, let total):
      guard let item = items[hash] else { return }
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
      warn(items[hash].map { "\($0.name): \(text)" } ?? text)
    case .peer, .piece, .progress, .completed, .failed:
      break
    }
  }

  /// Each family has a socket; that all of this machine listens need be said once.
  private mutating func sayListening(_ endpoint: Endpoint) {
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

  private mutating func printResult(_ hash: InfoHash, _ seconds: Double, _ bytes: Int) throws(CommandFailure)
  {
    guard !quiet, !events, let item = items[hash] else { return }
    line.clear()
    let rate = seconds >= 0.001 ? " (\(Quantity.rate(Int(Double(bytes) / seconds))))" : ""
    try console.print(
      Escaping.escaped(item.place)
        + ": complete: \(Quantity.size(bytes)) in \(Quantity.seconds(seconds))\(rate)\n")
  }

  /// For people; who reads events has been told.
  private mutating func say(_ text: String) {
    guard !events else { return }
    line.clear()
    try? console.errors.write(Escaping.escaped(text) + "\n")
  }

  private mutating func warn(_ text: String) {
    line.clear()
    console.warn(text)
  }

  private mutating func draw() {
    guard verified.count == items.count else {
      return line.show { String("checking what is there".prefix($0)) }
    }
    let status = status
    let isUnicode = console.isUnicode
    line.show { status.line(columns: $0, isUnicode: isUnicode) }
  }

  /// All torrents taken together; the map is that of the first, for want of a common one.
  private var status: TransferStatus {
    let total = items.values.reduce(0) { $0 &+ $1.total }
    let pieces = items.count == 1 ? progress.values.first?.pieces : nil
    return TransferStatus(
      done: progress.values.reduce(0) { $0 &+ $1.done }, total: total,
      downRate: progress.values.reduce(0) { $0 &+ $1.downRate },
      upRate: progress.values.reduce(0) { $0 &+ $1.upRate },
      peers: progress.values.reduce(0) { $0 &+ $1.peers },
      pieceCount: items.count == 1 ? items.values.first?.pieceCount ?? 0 : 0,
      has: { pieces?.contains(PieceIndex(unchecked: $0)) ?? false },
      uploaded: progress.values.reduce(0) { $0 &+ $1.uploaded })
  }
}
