import Metainfo
import Text

/// Torrents come, are looked at and steered, and go.
extension Session {
  // MARK: Adding

  /// Uploads what is in the folder `content`, which holds the torrent's file or folder under its own name. Pieces
  /// that are wrong there are not offered; see `SessionEvent.verified`. Returns when the files have been found; they are
  /// examined after that.
  @discardableResult
  public func seed(
    _ torrent: Torrent, content: String, _ options: TorrentOptions = TorrentOptions()
  ) async throws(TransferError) -> TorrentHandle {
    try await add(torrent, options, SessionTorrent.Purpose(folder: content, payload: .seeding))
  }

  /// Fetches the torrent into a folder, below which its own name is created. What is there already and right is
  /// kept. Goes on seeding when it is complete. Returns when the files have been found; they are examined after that.
  ///
  /// Of a selection the pieces are fetched that hold a byte of its files. What they hold of other files stays
  /// behind under partial names, and a later download goes on from there.
  @discardableResult
  public func download(
    _ torrent: Torrent, into directory: String, _ options: TorrentOptions = TorrentOptions()
  ) async throws(TransferError) -> TorrentHandle {
    try checkSelection(options.selection, of: torrent)
    return try await add(
      torrent, options,
      SessionTorrent.Purpose(
        folder: directory,
        payload: .downloading(overwritesForeignFiles: options.overwritesForeignFiles),
        selection: options.selection))
  }

  private func add(
    _ torrent: Torrent, _ options: TorrentOptions, _ purpose: SessionTorrent.Purpose
  ) async throws(TransferError) -> TorrentHandle {
    let id = torrent.infoHashes
    guard !isStopped else { throw TransferError(.state, "\(id.swarm): the session has been stopped") }
    guard torrent.info.format.hasPieceHashes else {
      let name = Escaping.escaped(torrent.info.name.name)
      throw TransferError(.unsupported, "\(name): torrents of version 2 alone can't be transferred yet")
    }
    let limits = swarmLimits(options, isSeeding: purpose.isSeeding)
    guard
      let added = torrents.insert(
        id,
        { SessionTorrent(torrent, key: $0, purpose: purpose, limits: limits, session: links) })
    else {
      throw TransferError(.state, "\(id.swarm): is in this session already")
    }
    if !options.peers.isEmpty { added.learn(options.peers, from: .user) }
    let opened: Result<Void, TransferError> = await withCheckedContinuation { continuation in
      added.open { continuation.resume(returning: $0) }
    }
    if case .failure(let error) = opened {
      torrents.remove(added.key)
      throw error
    }
    return TorrentHandle(id: id, session: self, key: added.key)
  }

  private func checkSelection(_ selection: [Bool]?, of torrent: Torrent) throws(TransferError) {
    guard let selection, selection.count != torrent.info.files.count else { return }
    throw TransferError(
      .state,
      "\(torrent.infoHash): a selection of \(selection.count) files, and there are \(torrent.info.files.count)"
    )
  }

  private func swarmLimits(_ options: TorrentOptions, isSeeding: Bool) -> SwarmLimits {
    var limits = SwarmLimits()
    limits.maxWorkers = configuration.maxWorkers
    limits.isSequential = options.sequential
    limits.downloads = !isSeeding
    limits.stallAllowed = configuration.stallAllowed
    return limits
  }

  // MARK: Looking

  /// The torrents, in the order in which they have been added as far as none has been removed.
  public var handles: [TorrentHandle] {
    torrents.all.map { TorrentHandle(id: $0.id, session: self, key: $0.key) }
  }

  /// The torrent that has one of these info-hashes.
  public func handle(of id: TorrentID) -> TorrentHandle? {
    torrents[id].map { TorrentHandle(id: $0.id, session: self, key: $0.key) }
  }

  /// The torrent of this info-hash of version 1, or these first 20 bytes of one of version 2.
  public func handle(of hash: InfoHash) -> TorrentHandle? {
    torrents[hash].map { TorrentHandle(id: $0.id, session: self, key: $0.key) }
  }

  /// How all torrents stand.
  public func snapshots() -> [TorrentSnapshot] { torrents.all.map { $0.snapshot(at: loop.now) } }

  func snapshot(of key: TorrentKey) -> TorrentSnapshot? { torrents[key]?.snapshot(at: loop.now) }

  func files(of key: TorrentKey) -> [FileProgress] { torrents[key]?.fileProgress() ?? [] }

  func peers(of key: TorrentKey) -> [PeerSnapshot] {
    torrents[key]?.runner?.core.peerSnapshots(at: loop.now) ?? []
  }

  nonisolated func observe(_ key: TorrentKey, _ observer: Observers.Continuation) {
    loop.post {
      self.assumeIsolated { session in
        guard let torrent = session.torrents[key], let number = torrent.addObserver(observer) else {
          return observer.finish()
        }
        observer.onTermination = { _ in
          self.loop.post { self.assumeIsolated { $0.torrents[key]?.removeObserver(number) } }
        }
      }
    }
  }

  func completion(of key: TorrentKey) async throws -> TransferSummary {
    let torrent = try torrent(key)
    let ticket = torrent.takeCompletionTicket()
    return try await withTaskCancellationHandler {
      try await joinLine(of: torrent, ticket)
    } onCancel: {
      loop.post { self.assumeIsolated { $0.torrents[key]?.cancelCompletion(ticket) } }
    }
  }

  /// A function of the actor's: the closure above runs on any thread, since it has nothing of the actor in it.
  private func joinLine(of torrent: SessionTorrent, _ ticket: Int) async throws -> TransferSummary {
    try await withCheckedThrowingContinuation { torrent.awaitCompletion(ticket, $0) }
  }

  // MARK: Steering

  private func torrent(_ key: TorrentKey) throws(TransferError) -> SessionTorrent {
    if let torrent = torrents[key] {
      // One whose files are being deleted keeps its place, and is gone for everybody.
      if case .removed = torrent.phase {} else { return torrent }
    }
    throw TransferError(.state, "the torrent is in this session no more")
  }

  func add(_ peers: [Endpoint], to key: TorrentKey) { torrents[key]?.learn(peers, from: .user) }

  func pause(_ key: TorrentKey) { torrents[key]?.pause() }

  func resume(_ key: TorrentKey) { torrents[key]?.resume() }

  func select(_ selection: [Bool]?, of key: TorrentKey) throws(TransferError) {
    let torrent = try torrent(key)
    try checkSelection(selection, of: torrent.torrent)
    guard !torrent.purpose.isSeeding else {
      throw TransferError(.state, "\(torrent.id.swarm): a seed fetches nothing")
    }
    torrent.select(selection)
  }

  func setLimits(upload: Int?, download: Int?, of key: TorrentKey) {
    guard torrents[key] != nil else { return }
    links.governor.upload.setLimit(upload, of: key)
    links.governor.download.setLimit(download, of: key)
    links.govern()
  }

  func remove(_ key: TorrentKey) async throws(TransferError) {
    let torrent = try torrent(key)
    let runner = torrent.runner
    leaves(runner)
    torrent.remove("it has been removed from the session")
    forget(torrent)
    await seeOff(runner)
  }

  func removeWithContent(_ key: TorrentKey) async throws(TransferError) -> DeletedContent {
    let torrent = try torrent(key)
    let runner = torrent.runner
    leaves(runner)
    // It keeps its place until its files are gone, so that nobody adds it again meanwhile.
    let result = await withCheckedContinuation { continuation in
      torrent.removeWithContent("it has been removed from the session") { continuation.resume(returning: $0) }
    }
    forget(torrent)
    await seeOff(runner)
    do throws(StorageError) { return try result.get() } catch { throw TransferError(error) }
  }

  private func forget(_ torrent: SessionTorrent) {
    torrents.remove(torrent.key)
    links.forget(torrent.key)
    if !isStopped { links.report(.removed(torrent.id)) }
  }
}
