import Metainfo
import Platform

/// What the torrents of a session share: the loop, the threads, the governor, and the ways to speak to the outside.
///
/// Lives on the network thread.
final class SessionLinks {
  let loop: EventLoop
  let workers: WorkerThreads
  let resolver: Resolver
  /// The open files of all content.
  let descriptors: DescriptorPool
  /// Where connections to trackers come from; for a family that is not among them the system chooses.
  let localAddresses: [IPAddress]
  /// How peers are reached.
  let transport: any PeerTransport
  /// The port that trackers are told.
  let port: UInt16
  let ownID: PeerID
  /// Who may have what there is only so much of.
  var governor: Governor
  let report: (SessionEvent) -> Void
  /// Brings the result of work back to the network thread and to the torrent it belongs to, if that is still there.
  let deliver: @Sendable (TorrentKey, @escaping @Sendable (SessionTorrent) -> Void) -> Void
  /// Gives a turn back, from any thread.
  private let giveBack: @Sendable (HashingTurns.Work) -> Void
  /// Tells the neighbourhood of the torrent, until it is taken back.
  let announce: (InfoHash, _ isHere: Bool) -> Void
  /// The torrents that run.
  var running: [TorrentKey: TorrentRunner] = [:]

  /// What is to be done when the turn of a torrent that was added has come.
  private var examinations: [TorrentKey: @Sendable () -> Void] = [:]

  /// The torrents to which something has happened, until everything that has happened by now is dealt with.
  private var unsettled: [TorrentRunner] = []
  /// Those whose turn it is. The two lists change places, so that neither is made anew.
  private var beingSettled: [TorrentRunner] = []
  private lazy var settling: () -> Void = { [weak self] in self?.settle() }

  private var isGoverning = false
  private var governing: (timer: Timer, due: Instant)?
  private var nextRotation = Instant(nanoseconds: 0)

  /// Work that has found the threads' queue full.
  private var postponed = Queue<@Sendable () -> Void>()
  /// Files and folders that are kept open, where the system allows for that.
  private static let filesKept = 128
  private static let patience = Instant.Span.milliseconds(50)

  init(
    loop: EventLoop, workers: WorkerThreads, resolver: Resolver, transport: any PeerTransport, ownID: PeerID,
    configuration: SessionConfiguration, report: @escaping (SessionEvent) -> Void,
    deliver: @escaping @Sendable (TorrentKey, @escaping @Sendable (SessionTorrent) -> Void) -> Void,
    giveBack: @escaping @Sendable (HashingTurns.Work) -> Void,
    announce: @escaping (InfoHash, Bool) -> Void
  ) {
    self.loop = loop
    self.workers = workers
    self.resolver = resolver
    self.transport = transport
    self.ownID = ownID
    localAddresses = configuration.localAddresses
    port = transport.endpoints.first?.port ?? 0
    descriptors = DescriptorPool(limit: min(Self.filesKept, DescriptorLimit.current / 4))
    governor = Governor(configuration.limits, hashingThreads: Session.workerCount)
    self.report = report
    self.deliver = deliver
    self.giveBack = giveBack
    self.announce = announce
  }

  // MARK: Turns

  /// Something has happened to a torrent: when everything that has happened by now is dealt with, those whose turn it is
  /// are called, and it sends what it has to send.
  func settleSoon(_ torrent: TorrentRunner) {
    guard !torrent.isUnsettled else { return }
    torrent.isUnsettled = true
    if unsettled.isEmpty { _ = loop.schedule(after: .zero, settling) }
    unsettled.append(torrent)
  }

  private func settle() {
    govern()
    swap(&unsettled, &beingSettled)
    for torrent in beingSettled { torrent.settle() }
    beingSettled.removeAll(keepingCapacity: true)
  }

  /// Calls those whose turn it is by the governor: after what has happened, since that may have given something back, and
  /// when a limit lets more pass. O(1) while nothing is in short supply.
  func govern() {
    guard !isGoverning else { return }
    isGoverning = true
    let now = loop.now
    while let turn = governor.upload.nextTurn(at: now) {
      running[turn.torrent]?.handle(.mayUpload(turn.peer))
    }
    while let turn = governor.download.nextTurn(at: now) {
      running[turn.torrent]?.handle(.mayRequest(turn.peer))
    }
    while let torrent = governor.dials.nextTurn() { running[torrent]?.handle(.mayDial) }
    while let turn = governor.hashing.next() { begin(turn) }
    if now >= nextRotation {
      governor.slots.rotate()
      nextRotation = now + ChokingTimes().round
    }
    for torrent in governor.slots.unsettled() { running[torrent]?.handle(.slotsChanged) }
    isGoverning = false
    arm()
  }

  private func arm() {
    guard let due = governor.nextDue else { return }
    if let governing {
      guard due < governing.due else { return }
      loop.cancel(governing.timer)
    }
    let timer = loop.schedule(after: max(due - loop.now, .zero)) { [weak self] in
      self?.governing = nil
      self?.govern()
    }
    governing = (timer, due)
  }

  // MARK: Threads

  /// Hands the work of a turn to a worker's thread; the turn is given back when it is done.
  func submit(_ turn: HashingTurns.Work, _ work: @escaping @Sendable () -> Void) {
    let giveBack = giveBack
    submit {
      work()
      giveBack(turn)
    }
  }

  /// Examines a torrent's content when its turn has come.
  func examine(for torrent: TorrentKey, _ work: @escaping @Sendable () -> Void) {
    examinations[torrent] = work
    governor.hashing.want(.examination(torrent))
    govern()
  }

  /// The torrent is in the session no more.
  func forget(_ torrent: TorrentKey) {
    examinations[torrent] = nil
    governor.remove(torrent)
  }

  private func begin(_ turn: HashingTurns.Work) {
    switch turn {
    case .arrivals(let torrent):
      if let runner = running[torrent] { return runner.takeHashingTurn() }
    case .examination(let torrent):
      if let work = examinations.removeValue(forKey: torrent) { return submit(turn, work) }
    }
    // It has stopped meanwhile.
    governor.hashing.finished(turn)
  }

  /// Hands work to a worker's thread, in order; what finds no room waits.
  func submit(_ work: @escaping @Sendable () -> Void) {
    if postponed.isEmpty, workers.submit(work) { return }
    if postponed.isEmpty { awaitRoom() }
    postponed.append(work)
  }

  /// The threads have ended: does what they have not taken, so that whoever waits for it hears of it.
  func endPostponed() {
    let rest = postponed.removeAll()
    guard !rest.isEmpty else { return }
    let perform: @Sendable () -> Void = { for work in rest { work() } }
    do throws(SystemError) { try PlainThread.start(named: "worker", perform).detach() } catch { perform() }
  }

  private func awaitRoom() {
    _ = loop.schedule(after: Self.patience) { [weak self] in self?.submitPostponed() }
  }

  private func submitPostponed() {
    while let work = postponed.elements.first, workers.submit(work) { _ = postponed.popFirst() }
    if !postponed.isEmpty { awaitRoom() }
  }
}
