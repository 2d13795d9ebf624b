import Metainfo

/// One torrent of a session: performs what its core decides, on sockets and files, and tells the core what comes
/// of it.
///
/// Lives on the network thread, as all it holds does; disk work and digests go to worker threads and come back as
/// `WorkResult`. This file is the state and the life of the torrent; connections, work and reports have files of
/// their own.
final class TorrentRunner {
  let torrent: Torrent
  let payload: Payload
  let session: SessionLinks
  let options: TorrentOptions
  let limits: SwarmLimits
  let ownID: PeerID
  let isSeeding: Bool

  /// Of an empty torrent until the content on disk has been examined. (An optional would be copied with every
  /// look at it.)
  var core: SwarmCore
  private(set) var isExamined = false
  private var inbox: [SwarmCore.Input] = []
  private var actions: [SwarmCore.Action] = []
  private var isHandling = false

  var connections = ConnectionTable()
  var incoming = IncomingTable()
  /// Connections that have yet to shake hands, by their identity.
  var dialing: [ObjectIdentifier: PeerConnection] = [:]
  /// Connections whose torrent is still being examined.
  private var parked: [(connection: PeerConnection, handshake: Handshake)] = []
  /// Connections that have something to send.
  var unsent: [PeerConnection] = []
  /// Those whose turn it is. The two lists change places, so that neither is made anew.
  var beingFlushed: [PeerConnection] = []
  private(set) lazy var flushing: () -> Void = { [weak self] in self?.flushUnsent() }
  var buffers: PieceBuffers
  /// Complete pieces that wait for a worker: two at most.
  var checks: [PieceCheck] = []

  var tracker: TrackerRunner?
  /// What the core has asked for: it is woken at that moment, or a little before.
  private var wake: (timer: Timer, due: Instant)?
  var pulse: Timer?
  /// Peers that were named before there is a core, and how many of them are kept.
  private var known: [Endpoint] = []
  private static let knownAtMost = 2_000
  /// Work that has found the threads' queue full.
  private var postponed: [@Sendable () -> Void] = []
  var progress = ProgressReport()
  private(set) var isStopped = false

  init(
    _ torrent: Torrent, payload: Payload, session: SessionLinks, options: TorrentOptions, limits: SwarmLimits,
    ownID: PeerID, isSeeding: Bool
  ) {
    self.torrent = torrent
    self.payload = payload
    self.session = session
    self.options = options
    self.limits = limits
    self.ownID = ownID
    self.isSeeding = isSeeding
    core = SwarmCore(
      geometry: .empty, have: Bitfield(pieceCount: 0), ownID: ownID, limits: limits, seed: 0)
    buffers = PieceBuffers(capacity: torrent.info.geometry.pieceLength, budget: limits.bufferBudget)
  }

  var infoHash: InfoHash { torrent.infoHash }
  var geometry: PieceGeometry { torrent.info.geometry }

  // MARK: Life

  /// Looks at what is on disk; the torrent runs when that is done.
  func start() {
    learn(options.peers)
    examine()
  }

  /// The content on disk has been examined: peers may come.
  func run(having have: Bitfield) {
    guard !isStopped else { return }
    progress.began = session.loop.now
    session.report(.verified(infoHash, good: have.count, total: have.pieceCount))
    var random = SystemRandomNumberGenerator()
    core = SwarmCore(
      geometry: geometry, have: have, wanted: payload.selection.pieces, ownID: ownID, limits: limits,
      seed: random.next())
    isExamined = true
    if core.isComplete { reportCompletion() }
    startTracker()
    handle(.learned(known))
    known = []
    let waiting = parked
    parked = []
    for (connection, handshake) in waiting {
      adopt(connection, handshake)
      connection.resume()
    }
    if !torrent.info.isPrivate { session.announce(infoHash) }
  }

  /// Ends all connections. The tracker is told by `stopTracker`.
  func stop(_ reason: String) {
    guard !isStopped else { return }
    isStopped = true
    if let wake { session.loop.cancel(wake.timer) }
    if let pulse { session.loop.cancel(pulse) }
    for connection in connections.all { connection.close(reason) }
    for connection in Array(dialing.values) { connection.close(reason) }
    for (connection, _) in parked { connection.close(reason) }
    postponed = []
    // An examination that is going on ends with this.
    payload.close()
  }

  /// Something local is wrong: the torrent stops, nobody is blamed.
  func fail(_ error: TransferError) {
    guard !isStopped else { return }
    session.report(.failed(infoHash, error))
    stop("\(error)")
    stopTracker {}
  }

  /// Peers that were named by someone.
  func learn(_ endpoints: [Endpoint]) {
    guard !isExamined else { return handle(.learned(endpoints)) }
    known += endpoints.prefix(max(0, Self.knownAtMost - known.count))
  }

  /// Hands work to a worker's thread, and when too much is waiting there already, with a later pulse.
  func submit(_ work: @escaping @Sendable () -> Void) {
    guard !session.workers.submit(work) else { return }
    postponed.append(work)
    beat()
  }

  func submitPostponed() {
    while let work = postponed.first, session.workers.submit(work) { postponed.removeFirst() }
  }

  var hasPostponed: Bool { !postponed.isEmpty }

  // MARK: Core and actions

  /// Tells the core, and performs what it says. What comes of that in turn waits until it is performed.
  func handle(_ input: SwarmCore.Input) {
    guard isExamined else { return }
    inbox.append(input)
    guard !isHandling else { return }
    isHandling = true
    var next = 0
    while next < inbox.count {
      core.handle(inbox[next], at: session.loop.now, into: &actions)
      next += 1
      for action in actions { perform(action) }
      actions.removeAll(keepingCapacity: true)
    }
    inbox.removeAll(keepingCapacity: true)
    isHandling = false
    arm()
    beat()
  }

  /// Sees to it that the core is woken when it wants. A timer that comes too early is left as it is: most moments
  /// are put off again and again.
  private func arm() {
    guard !isStopped, let due = core.nextDue else { return }
    if let wake {
      guard due < wake.due else { return }
      session.loop.cancel(wake.timer)
    }
    let delay = max(due - session.loop.now, .zero)
    let timer = session.loop.schedule(after: delay) { [weak self] in
      self?.wake = nil
      self?.handle(.timePassed)
    }
    wake = (timer, due)
  }

  private func perform(_ action: SwarmCore.Action) {
    switch action {
    case .dial(let endpoint): dial(endpoint)
    case .send(let key, let message):
      guard let connection = connections[key] else { return }
      connection.send(message)
      noteUnsent(connection)
    case .upload(let key, let block):
      guard let connection = connections[key] else { return }
      connection.send(block)
      noteUnsent(connection)
    case .disconnect(let key, let farewell): connections[key]?.close(farewell.description)
    case .check(let piece, let fingerprints): check(piece, fingerprints: fingerprints)
    case .discard(let piece): discard(piece)
    case .verified(let piece, let sources): session.report(.piece(infoHash, piece, from: sources))
    case .banned(let endpoint): session.report(.peer(infoHash, endpoint, .banned, client: ""))
    case .completed: reportCompletion()
    }
  }

  // MARK: Peers come

  /// Joins a connection that has shaken hands to the swarm, or keeps it until the content has been examined.
  func adopt(_ connection: PeerConnection, _ handshake: Handshake) {
    guard !isStopped else { return connection.close("the torrent has stopped") }
    guard isExamined else {
      guard parked.count < limits.maxPeers else { return connection.close("no place for another peer") }
      connection.park(handler: self)
      parked.append((connection, handshake))
      return
    }
    let key = connections.insert(connection)
    connection.open(key: key, pieceCount: geometry.pieceCount, payload: payload, handler: self)
    session.report(
      .peer(infoHash, connection.endpoint, .connected, client: handshake.peerID.client))
    let newcomer = SwarmCore.Newcomer(
      endpoint: connection.endpoint, isOutgoing: connection.isOutgoing, id: handshake.peerID,
      supportsFast: handshake.supportsFast, supportsExtensions: handshake.supportsExtensions)
    noteUnsent(connection)
    handle(.joined(key, newcomer))
  }

  var ownHandshake: Handshake { Handshake(infoHash: infoHash, peerID: ownID) }

  /// It has ended before its turn came.
  func forgetParked(_ connection: PeerConnection, _ reason: String) {
    guard let index = parked.firstIndex(where: { $0.connection === connection }) else { return }
    let client = parked.remove(at: index).handshake.peerID.client
    session.report(.peer(infoHash, connection.endpoint, .disconnected(reason), client: client))
  }
}
