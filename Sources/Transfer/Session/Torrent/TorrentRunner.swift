import Metainfo

/// A torrent that is given and fetched: performs what its core decides, on streams and files, and tells the core what
/// comes of it.
///
/// Lives on the network thread, as all it holds does, while the torrent runs; disk work and digests go to worker threads
/// and come back as messages. This file is the state and the dispatch; connections, work and reports have files of
/// their own.
final class TorrentRunner {
  let torrent: Torrent
  let key: TorrentKey
  /// Tells it from the runners that the torrent had before it was paused.
  let run: Int
  let payload: Payload
  let session: SessionLinks
  let isSeeding: Bool
  /// Hears of the end.
  private(set) weak var owner: SessionTorrent?

  var core: SwarmCore
  private var inbox: [SwarmCore.Input] = []
  private var actions: [SwarmCore.Action] = []
  private var isHandling = false

  var connections = ConnectionTable()
  var incoming = IncomingTable()
  /// Connections that have yet to shake hands, by their identity.
  var dialing: [ObjectIdentifier: PeerConnection] = [:]
  /// Connections that have something to send.
  var unsent: [PeerConnection] = []
  /// Those whose turn it is. The two lists change places, so that neither is made anew.
  var beingFlushed: [PeerConnection] = []
  /// Whether something has happened since it was settled last.
  var isUnsettled = false
  var buffers: PieceBuffers
  /// Complete pieces that wait for the torrent's turn to have their digests taken.
  var checks: [PieceCheck] = []

  var tracker: TrackerRunner?
  /// What the core has asked for: it is woken at that moment, or a little before.
  private var wake: (timer: Timer, due: Instant)?
  var pulse: Timer?
  var progress = ProgressReport()
  private(set) var isStopped = false

  /// - Parameter have: the pieces that are on disk and verified.
  init(
    _ torrent: Torrent, key: TorrentKey, run: Int, payload: Payload, having have: Bitfield,
    session: SessionLinks, limits: SwarmLimits, isSeeding: Bool, owner: SessionTorrent
  ) {
    self.torrent = torrent
    self.key = key
    self.run = run
    self.payload = payload
    self.session = session
    self.isSeeding = isSeeding
    self.owner = owner
    var random = SystemRandomNumberGenerator()
    core = SwarmCore(
      geometry: torrent.info.geometry, have: have, wanted: payload.selection.pieces, ownID: session.ownID,
      limits: limits, key: key, port: session.port == 0 ? nil : session.port, seed: random.next())
    buffers = PieceBuffers(capacity: torrent.info.geometry.pieceLength)
  }

  var infoHash: InfoHash { torrent.infoHash }
  var id: TorrentID { torrent.infoHashes }
  var geometry: PieceGeometry { torrent.info.geometry }

  // MARK: Life

  /// Peers may come.
  func start() {
    session.running[key] = self
    progress.began = session.loop.now
    if core.isComplete { reportCompletion() }
    startTracker()
    if !torrent.info.isPrivate { session.announce(infoHash, true) }
    beat()
  }

  /// Ends all connections. The tracker is told by `stopTracker`.
  func stop(_ reason: String) {
    guard !isStopped else { return }
    isStopped = true
    if let wake { session.loop.cancel(wake.timer) }
    if let pulse { session.loop.cancel(pulse) }
    for connection in connections.all { connection.close(reason) }
    for connection in Array(dialing.values) { connection.close(reason) }
    session.running[key] = nil
    core.leave(&session.governor)
    session.governor.hashing.remove(key)
    if !torrent.info.isPrivate { session.announce(infoHash, false) }
  }

  /// Something local is wrong: the torrent stops, nobody is blamed.
  func fail(_ error: TransferError) {
    guard !isStopped else { return }
    stop("\(error)")
    stopTracker {}
    owner?.fail(error)
  }

  /// Peers that were named by someone.
  func learn(_ endpoints: [Endpoint], from origin: AddressOrigin) { handle(.learned(endpoints, origin)) }

  // MARK: Core and actions

  /// Tells the core, and performs what it says. What comes of that in turn waits until it is performed.
  func handle(_ input: SwarmCore.Input) {
    guard !isStopped else { return }
    guard !isHandling else { return inbox.append(input) }
    isHandling = true
    take(input)
    var next = 0
    while next < inbox.count {
      take(inbox[next])
      next += 1
    }
    if next > 0 { inbox.removeAll(keepingCapacity: true) }
    isHandling = false
    session.settleSoon(self)
  }

  private func take(_ input: SwarmCore.Input) {
    core.handle(input, at: session.loop.now, sharing: &session.governor, into: &actions)
    if core.isObserved { tellObservations() }
    guard !actions.isEmpty else { return }
    for action in actions { perform(action) }
    actions.removeAll(keepingCapacity: true)
  }

  /// Does once what is due after everything that has happened by now, be it one block or a hundred.
  func settle() {
    isUnsettled = false
    guard !isStopped else { return }
    arm()
    beat()
    flushUnsent()
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
    case .dial(let endpoint, let time): dial(endpoint, within: time)
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
    case .verified(let piece, let sources): session.report(.piece(id, piece, from: sources))
    case .banned(let endpoint): session.report(.peer(id, endpoint, .banned, client: ""))
    case .needSeat(let other): session.running[other]?.handle(.giveUpSeat)
    case .unobtainable(let piece, let sources):
      let names = sources.map(\.description).joined(separator: ", ")
      session.report(
        .warning(id, "piece \(piece.value) came wrong from \(names), and no other source has it"))
    case .completed: reportCompletion()
    }
  }

  // MARK: Peers come

  /// Joins a connection that has shaken hands to the swarm.
  func adopt(_ connection: PeerConnection, _ handshake: Handshake) {
    guard !isStopped else { return connection.close("the torrent has stopped") }
    let key = connections.insert(connection)
    connection.open(key: key, pieceCount: geometry.pieceCount, payload: payload, handler: self)
    session.report(
      .peer(id, connection.endpoint, .connected, client: handshake.peerID.client))
    let newcomer = SwarmCore.Newcomer(
      endpoint: connection.endpoint, isOutgoing: connection.isOutgoing, id: handshake.peerID,
      supportsFast: handshake.supportsFast, supportsExtensions: handshake.supportsExtensions)
    noteUnsent(connection)
    handle(.joined(key, newcomer))
  }

  var ownHandshake: Handshake { Handshake(infoHash: infoHash, peerID: session.ownID) }
}
