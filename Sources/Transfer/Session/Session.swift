import Metainfo
import Platform
import Text

/// Torrents that share a port, limits, a network thread and a few threads for disk and digests.
///
/// ```swift
/// let session = try Session(SessionConfiguration())
/// let download = try await session.download(torrent, into: "downloads")
/// let summary = try await download.completion()
/// await session.stop()
/// ```
///
/// The actor runs on the network thread itself: what it owns is touched there alone, and calls from elsewhere are
/// the only hops. A session lives until it is stopped, also when nobody holds it.
///
/// This file is its life; what it does for each torrent is in `Session+Torrents.swift`.
public actor Session {
  public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  /// Where peers reach the session: an endpoint for each family, all with one port.
  public nonisolated let endpoints: [Endpoint]

  nonisolated let loop: EventLoop
  private nonisolated let board = EventBoard()
  private nonisolated let workers: WorkerThreads
  private nonisolated let resolver: Resolver
  let configuration: SessionConfiguration
  private let transport: any PeerTransport
  private let ownID: PeerID
  private(set) lazy var links = makeLinks()
  private var reception: Reception?
  var torrents = TorrentTable<SessionTorrent>()
  private var discovery: LocalDiscoveryRunner?
  private(set) var isStopped = false
  private var isEnded = false
  /// What is left of torrents that have been removed, until their trackers have been told.
  private var leaving: [ObjectIdentifier: TorrentRunner] = [:]
  /// Those who wait for the end that another has asked for.
  private var awaitingEnd: [CheckedContinuation<Void, Never>] = []

  /// Binds the port and starts the threads. Throws a `TransferError` of the kind `network`.
  public init(_ configuration: SessionConfiguration) throws(TransferError) {
    self.configuration = configuration
    do throws(SystemError) {
      ProcessSignals.ignoreBrokenPipe()
      DescriptorLimit.raise()
      let transport = try configuration.makeTransport(configuration)
      endpoints = transport.endpoints
      self.transport = transport
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
    for endpoint in endpoints { board.post(.listening(endpoint)) }
    loop.post { self.assumeIsolated { $0.open() } }
  }

  /// Two at least: content that is examined keeps one for a while.
  static var workerCount: Int { max(2, min(4, Processors.count)) }

  /// The port at which peers reach the session, and that trackers are told.
  public nonisolated var port: UInt16 { endpoints.first?.port ?? 0 }

  private func open() {
    let reception = Reception(loop: loop, handshakeTime: configuration.handshakeTime) { [board] in
      board.post(.refused($0, $1))
    } greet: {
      self.torrents[$0]?.ownHandshake
    } admit: { connection, handshake in
      guard let torrent = self.torrents[handshake.infoHash] else { return false }
      torrent.adopt(connection, handshake)
      return true
    }
    self.reception = reception
    transport.open(on: loop) { reception.accept($0, from: $1) }
    if configuration.usesLocalDiscovery { openDiscovery() }
  }

  private func makeLinks() -> SessionLinks {
    SessionLinks(
      loop: loop, workers: workers, resolver: resolver, transport: transport, ownID: ownID,
      configuration: configuration,
      report: { [board] in board.post($0) },
      deliver: { [weak self, loop] key, body in
        loop.post { [weak self] in self?.assumeIsolated { $0.torrents[key].map(body) } }
      },
      giveBack: { [weak self, loop] turn in
        loop.post { [weak self] in
          self?.assumeIsolated {
            $0.links.governor.hashing.finished(turn)
            $0.links.govern()
          }
        }
      },
      announce: { [weak self] hash, isHere in
        self?.assumeIsolated { isHere ? $0.discovery?.add(hash) : $0.discovery?.remove(hash) }
      })
  }

  // MARK: Watching

  /// What happens from here on, for one subscriber; there may be several, each with a buffer of its own. Finishes when
  /// the session is stopped.
  /// - Parameters:
  ///   - wanted: which of those come of which there are many. All others come always.
  ///   - capacity: events that are kept until they are read. What finds no room is counted, and told as
  ///     `SessionEvent.missed`; the end of a torrent's download or its failure is kept beyond that, up to twice as many.
  public nonisolated func events(
    _ wanted: PassingEvents = .all, buffering capacity: Int = 4096
  ) -> SessionEvents {
    board.subscribe(wanted, capacity: capacity)
  }

  // MARK: Limits

  /// What all torrents together may use.
  public var limits: SessionLimits { links.governor.limits }

  /// Changes the limits from now on. Whoever has a seat or a slot beyond them keeps it until it is free.
  public func setLimits(_ limits: SessionLimits) {
    links.governor.limits = limits
    links.govern()
  }

  // MARK: Neighbours

  private func openDiscovery() {
    discovery = LocalDiscoveryRunner(
      loop: loop, port: port,
      interfaces: configuration.bindAddresses.isEmpty ? .all : .having(configuration.bindAddresses)
    ) { [weak self] hash, endpoint in
      self?.assumeIsolated { $0.torrents[hash]?.learn([endpoint], from: .neighbourhood) }
    }
  }

  // MARK: The end

  /// Tells the trackers, for at most five seconds, then ends all connections and threads and finishes the events.
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
    for torrent in torrents.all { leaves(torrent.runner) }
    for torrent in torrents.all { torrent.remove("the session has been stopped") }
    await tellTrackers(of: Array(leaving.values))
    workers.shutdown()
    links.endPostponed()
    torrents.removeAll()
    board.finish()
    // A name that is being looked up can't be called off: its thread is left to end by itself.
    let resolver = resolver
    try? PlainThread.start(named: "resolver-end") { resolver.shutdown() }.detach()
    loop.stop()
    isEnded = true
    for other in awaitingEnd { other.resume() }
    awaitingEnd = []
  }

  /// A torrent begins to leave, which `seeOff` ends. A session that is stopped meanwhile waits for its trackers as well:
  /// nobody would hear of them after that.
  func leaves(_ runner: TorrentRunner?) {
    if let runner { leaving[ObjectIdentifier(runner)] = runner }
  }

  /// Returns when the trackers of a torrent that leaves have been told.
  func seeOff(_ runner: TorrentRunner?) async {
    guard let runner else { return }
    await tellTrackers(of: [runner])
    leaving[ObjectIdentifier(runner)] = nil
  }

  private func tellTrackers(of runners: [TorrentRunner]) async {
    guard !runners.isEmpty else { return }
    await withCheckedContinuation { done in
      var waiting = runners.count
      for runner in runners {
        runner.stopTracker {
          waiting -= 1
          if waiting == 0 { done.resume() }
        }
      }
    }
  }
}
