import Glibc
import Metainfo
import Platform
import Text

/// Torrents that share a port, a network thread and a few threads for disk and digests.
///
/// ```swift
/// let session = try Session(SessionConfiguration())
/// try await session.download(torrent, into: "downloads", TorrentOptions())
/// for await event in session.events {
///   if case .completed = event { break }
/// }
/// await session.stop()
/// ```
///
/// The actor runs on the network thread itself: what it owns is touched there alone, and calls from elsewhere are
/// the only hops. Events are kept until they are read, so somebody should read them. A session lives until it is
/// stopped, also when nobody holds it.
public actor Session {
  /// What happens, from the start to the end of the session.
  public nonisolated let events: AsyncStream<SessionEvent>

  public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  private nonisolated let loop: EventLoop
  private nonisolated let report: AsyncStream<SessionEvent>.Continuation
  private nonisolated let workers: WorkerThreads
  private nonisolated let resolver: Resolver
  private let configuration: SessionConfiguration
  private let transport: any PeerTransport
  private let ownID: PeerID
  private var reception: Reception?
  private(set) var torrents: [InfoHash: TorrentRunner] = [:]
  private var discovery: LocalDiscoveryRunner?
  private var isStopped = false
  private var isEnded = false
  /// Those who wait for the end that another has asked for.
  private var awaitingEnd: [CheckedContinuation<Void, Never>] = []

  /// Binds the port and starts the threads. Throws a `TransferError` of the kind `network`.
  public init(_ configuration: SessionConfiguration) throws(TransferError) {
    (events, report) = AsyncStream.makeStream(of: SessionEvent.self)
    self.configuration = configuration
    do throws(SystemError) {
      Signals.ignoreBrokenPipe()
      transport = try configuration.makeTransport(configuration)
      loop = try EventLoop(named: "network")
      workers = try WorkerThreads(Self.workerCount)
      resolver = try Resolver()
    } catch {
      throw TransferError(.network, "cannot listen: \(error)")
    }
    var random = SystemRandomNumberGenerator()
    ownID = PeerID(using: &random)
    do throws(SystemError) { try loop.start() } catch {
      throw TransferError(.network, "cannot start: \(error)")
    }
    loop.post { self.assumeIsolated { $0.open() } }
  }

  private static var workerCount: Int { max(1, min(4, sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

  /// Where peers reach the session.
  private var port: UInt16 { transport.endpoints.first?.port ?? 0 }

  private func open() {
    let reception = Reception(loop: loop, handshakeTime: configuration.handshakeTime) { [report] in
      _ = report.yield(.refused($0, $1))
    } greet: {
      self.torrents[$0]?.ownHandshake
    } admit: { connection, handshake in
      guard let torrent = self.torrents[handshake.infoHash] else { return false }
      torrent.adopt(connection, handshake)
      return true
    }
    self.reception = reception
    for endpoint in transport.endpoints { report.yield(.listening(endpoint)) }
    transport.open(on: loop) { reception.accept($0, from: $1) }
    if configuration.usesLocalDiscovery { openDiscovery() }
  }

  // MARK: Torrents

  /// Uploads what is in the folder `content`, which holds the torrent's file or folder under its own name. Pieces
  /// that are wrong there are not offered; see `SessionEvent.verified`.
  public func seed(
    _ torrent: Torrent, content: String, _ options: TorrentOptions = TorrentOptions()
  ) throws(TransferError) {
    try add(torrent, options, isSeeding: true) { () throws(StorageError) in
      try Payload(torrent.info, in: content, for: .seeding)
    }
  }

  /// Fetches the torrent into a folder, below which its own name is created. What is there already and right is
  /// kept. Goes on seeding when it is complete.
  ///
  /// Of a selection the pieces are fetched that hold a byte of its files. What they hold of other files stays
  /// behind under partial names, and a later download goes on from there.
  public func download(
    _ torrent: Torrent, into directory: String, _ options: TorrentOptions = TorrentOptions()
  ) throws(TransferError) {
    if let selection = options.selection, selection.count != torrent.info.files.count {
      throw TransferError(
        .state,
        "\(torrent.infoHash): a selection of \(selection.count) files, and there are \(torrent.info.files.count)"
      )
    }
    try add(torrent, options, isSeeding: false) { () throws(StorageError) in
      try Payload(
        torrent.info, in: directory,
        for: .downloading(overwritesForeignFiles: options.overwritesForeignFiles), wanted: options.selection)
    }
  }

  private func add(
    _ torrent: Torrent, _ options: TorrentOptions, isSeeding: Bool, _ open: () throws(StorageError) -> Payload
  ) throws(TransferError) {
    guard !isStopped else { throw TransferError(.state, "\(torrent.infoHash): the session has been stopped") }
    guard torrent.info.format.hasPieceHashes else {
      let name = Escaping.escaped(torrent.info.name.name)
      throw TransferError(.unsupported, "\(name): torrents of version 2 alone can't be transferred yet")
    }
    guard torrents[torrent.infoHash] == nil else {
      throw TransferError(.state, "\(torrent.infoHash): is in this session already")
    }
    let payload: Payload
    do throws(StorageError) { payload = try open() } catch { throw TransferError(error) }
    let runner = TorrentRunner(
      torrent, payload: payload, session: links, options: options,
      limits: limits(options, isSeeding: isSeeding),
      ownID: ownID, isSeeding: isSeeding)
    torrents[torrent.infoHash] = runner
    runner.start()
  }

  private func limits(_ options: TorrentOptions, isSeeding: Bool) -> SwarmLimits {
    var limits = SwarmLimits()
    limits.maxWorkers = configuration.maxWorkers
    limits.uploadSlots = configuration.uploadSlots
    limits.maxPeers = configuration.maxPeers
    limits.uploadLimit = configuration.uploadLimit
    limits.downloadLimit = configuration.downloadLimit
    limits.isSequential = options.sequential
    limits.downloads = !isSeeding
    limits.stallAllowed = configuration.stallAllowed
    return limits
  }

  private var links: SessionLinks {
    SessionLinks(
      loop: loop, workers: workers, resolver: resolver,
      localAddresses: configuration.localAddresses, transport: transport, port: port,
      handshakeTime: configuration.handshakeTime,
      report: { [report] event in _ = report.yield(event) },
      deliver: { [weak self, loop] hash, result in
        loop.post { [weak self] in self?.assumeIsolated { $0.torrents[hash]?.finished(result) } }
      },
      announce: { [weak self] hash in self?.assumeIsolated { $0.discovery?.add(hash) } })
  }

  // MARK: Neighbours

  private func openDiscovery() {
    discovery = LocalDiscoveryRunner(
      loop: loop, port: port,
      interfaces: configuration.bindAddresses.isEmpty ? .all : .having(configuration.bindAddresses)
    ) { [weak self] hash, endpoint in
      self?.assumeIsolated { $0.torrents[hash]?.learn([endpoint]) }
    }
  }

  // MARK: The end

  /// Tells the trackers, for at most five seconds, then ends all connections and threads and finishes `events`.
  /// Stopping twice is waiting for the same end.
  public func stop() async {
    guard !isStopped else {
      if !isEnded { await withCheckedContinuation { awaitingEnd.append($0) } }
      return
    }
    isStopped = true
    discovery?.close()
    discovery = nil
    transport.close()
    reception?.close()
    reception = nil
    for torrent in torrents.values { torrent.stop("the session ends") }
    await tellTrackers()
    workers.shutdown()
    torrents = [:]
    report.finish()
    // A name that is being looked up can't be called off: its thread is left to end by itself.
    let resolver = resolver
    try? PlainThread.start(named: "resolver-end") { resolver.shutdown() }.detach()
    loop.stop()
    isEnded = true
    for other in awaitingEnd { other.resume() }
    awaitingEnd = []
  }

  private func tellTrackers() async {
    guard !torrents.isEmpty else { return }
    await withCheckedContinuation { done in
      var waiting = torrents.count
      for torrent in torrents.values {
        torrent.stopTracker {
          waiting -= 1
          if waiting == 0 { done.resume() }
        }
      }
    }
  }
}
