import Metainfo

/// One torrent of a session, from its adding to its removal: which phase it is in, who waits for what, and what leads
/// from one phase to the next.
///
///     opening → examining → running ⇄ paused
///         ↖───────┴─────────┴→ failed, removed
///
/// Lives on the network thread. What happens while it runs is `TorrentRunner`'s.
final class SessionTorrent {
  /// What the torrent is in the session for.
  struct Purpose: Sendable {
    /// The folder that its own name lies in.
    let folder: String
    let payload: Payload.Purpose
    /// For each file whether it is wanted; `nil` is all.
    var selection: [Bool]?

    var isSeeding: Bool { payload == .seeding }
  }

  let torrent: Torrent
  let key: TorrentKey
  let session: SessionLinks
  private(set) var purpose: Purpose
  private let limits: SwarmLimits
  private(set) var phase = TorrentPhase.opening
  /// It is to be paused as soon as its content has been examined.
  private var isToBePaused = false
  /// Counts what is begun on threads, so that what comes of an earlier beginning is known as such.
  private var beginning = 0
  /// While somebody waits.
  private var waitingRoom: WaitingRoom?
  private var completions = CompletionLine()
  /// While somebody listens.
  private var observers: Observers?

  init(
    _ torrent: Torrent, key: TorrentKey, purpose: Purpose, limits: SwarmLimits, session: SessionLinks
  ) {
    self.torrent = torrent
    self.key = key
    self.purpose = purpose
    self.limits = limits
    self.session = session
  }

  var id: TorrentID { torrent.infoHashes }

  /// While it runs.
  var runner: TorrentRunner? {
    if case .running(let runner) = phase { runner } else { nil }
  }

  /// The runner of that number, if it is still at work.
  func runner(_ run: Int) -> TorrentRunner? { runner.flatMap { $0.run == run ? $0 : nil } }

  // MARK: Opening and examining

  /// Opens the files and looks at what is there; runs when that is done.
  /// - Parameter opened: hears whether the files could be opened, once. If not, the torrent is in the phase `failed` and
  ///   nobody else has been told.
  func open(_ opened: @escaping @Sendable (Result<Void, TransferError>) -> Void) {
    beginning += 1
    phase = .opening
    completions.reopen()
    let (key, purpose, info, beginning, deliver) = (key, purpose, torrent.info, beginning, session.deliver)
    let descriptors = session.descriptors
    session.submit {
      do throws(StorageError) {
        let payload = try Payload(
          info, in: purpose.folder, for: purpose.payload, wanted: purpose.selection, pool: descriptors)
        deliver(key) { $0.opened(payload, beginning) }
        opened(.success(()))
      } catch {
        let failure = TransferError(error)
        deliver(key) { $0.cannotOpen(failure, beginning) }
        opened(.failure(failure))
      }
    }
  }

  private func cannotOpen(_ error: TransferError, _ beginning: Int) {
    guard beginning == self.beginning, case .opening = phase else { return }
    end(.failed(error), "\(error)")
    completions.fail(error)
  }

  private func opened(_ payload: Payload, _ beginning: Int) {
    guard beginning == self.beginning, case .opening = phase else { return payload.close() }
    phase = .examining(payload)
    let (key, deliver) = (key, session.deliver)
    session.examine(for: key) {
      do throws(StorageError) {
        let have = try payload.examine()
        deliver(key) { $0.examined(payload, having: have, beginning) }
      } catch {
        deliver(key) { $0.cannotExamine(TransferError(error), beginning) }
      }
    }
  }

  private func cannotExamine(_ error: TransferError, _ beginning: Int) {
    guard beginning == self.beginning, case .examining = phase else { return }
    fail(error)
  }

  private func examined(_ payload: Payload, having have: Bitfield, _ beginning: Int) {
    guard beginning == self.beginning, case .examining = phase else { return }
    session.report(.verified(id, good: have.count, total: have.pieceCount))
    if purpose.isSeeding, !have.isFull {
      completions.fail(
        TransferError(
          .incomplete, "\(id.swarm): \(have.pieceCount - have.count) of its pieces are missing or differ"))
    }
    if isToBePaused {
      isToBePaused = false
      phase = .paused(payload, have: have)
    } else {
      run(payload, having: have)
    }
  }

  // MARK: Running

  private func run(_ payload: Payload, having have: Bitfield) {
    beginning += 1
    let runner = TorrentRunner(
      torrent, key: key, run: beginning, payload: payload, having: have, session: session, limits: limits,
      isSeeding: purpose.isSeeding, owner: self)
    phase = .running(runner)
    runner.core.isObserved = observers != nil
    runner.start()
    waitingRoom?.empty(into: runner)
    waitingRoom = nil
  }

  /// A connection that wants this torrent and has shaken hands.
  func adopt(_ connection: PeerConnection, _ handshake: Handshake) {
    switch phase {
    case .opening, .examining: openWaitingRoom().admit(connection, handshake)
    case .running(let runner): runner.adopt(connection, handshake)
    case .paused: connection.close("the torrent is paused")
    case .failed, .removed: connection.close("the torrent has stopped")
    }
  }

  /// Peers that were named by someone.
  func learn(_ endpoints: [Endpoint], from origin: AddressOrigin) {
    switch phase {
    case .running(let runner): runner.learn(endpoints, from: origin)
    case .opening, .examining, .paused: openWaitingRoom().learn(endpoints, from: origin)
    case .failed, .removed: break
    }
  }

  private func openWaitingRoom() -> WaitingRoom {
    if let waitingRoom { return waitingRoom }
    let room = WaitingRoom { [session, id] connection, handshake, reason in
      session.report(
        .peer(id, connection.endpoint, .disconnected(reason), client: handshake.peerID.client))
    }
    waitingRoom = room
    return room
  }

  var ownHandshake: Handshake { Handshake(infoHash: id.swarm, peerID: session.ownID) }

  // MARK: Pausing and ending

  /// Ends all connections and keeps what is known. Nothing changes for a torrent that has failed.
  func pause() {
    switch phase {
    case .opening, .examining: isToBePaused = true
    case .running(let runner):
      let have = runner.core.have
      end(.paused(runner.payload, have: have), "the torrent is paused")
    case .paused, .failed, .removed: break
    }
  }

  /// Goes on. One that has failed begins anew, as if it had just been added.
  func resume() {
    switch phase {
    case .opening, .examining: isToBePaused = false
    case .paused(let payload, let have): run(payload, having: have)
    case .failed: open { _ in }
    case .running, .removed: break
    }
  }

  /// Changes which files are wanted: looks anew at what is there, and goes on from that.
  func select(_ selection: [Bool]?) {
    guard case .downloading = purpose.payload else { return }
    purpose.selection = selection
    let wasPaused = isToBePaused || { if case .paused = phase { true } else { false } }()
    payload?.close()
    end(.opening, "the torrent begins anew")
    isToBePaused = wasPaused
    open { _ in }
  }

  /// All wanted pieces are there.
  func complete(_ summary: TransferSummary) { completions.complete(summary) }

  /// Something local is wrong: the torrent stops, nobody is blamed.
  func fail(_ error: TransferError) {
    payload?.close()
    end(.failed(error), "\(error)")
    session.report(.failed(id, error))
    completions.fail(error)
  }

  /// It is in the session no more: ends all connections, and closes its files when nobody uses them any more.
  func remove(_ reason: String) {
    payload?.close()
    end(.removed, reason)
    completions.fail(TransferError(.state, "\(id.swarm): \(reason)"))
  }

  /// As `remove`, and deletes its content once nobody is at work on it; from any thread.
  func removeWithContent(
    _ reason: String, _ deleted: @escaping @Sendable (Result<DeletedContent, StorageError>) -> Void
  ) {
    let isExamined = if case .examining = phase { false } else { true }
    let payload = payload
    end(.removed, reason)
    completions.fail(TransferError(.state, "\(id.swarm): \(reason)"))
    let (info, purpose, descriptors) = (torrent.info, purpose, session.descriptors)
    let deleteAnew: @Sendable () -> Void = {
      deleted(
        Result { () throws(StorageError) in
          try Payload.delete(info, in: purpose.folder, for: purpose.payload, pool: descriptors)
        })
    }
    session.submit {
      guard let payload else { return deleteAnew() }
      payload.giveUp {
        if isExamined { return deleted(.success(payload.delete())) }
        payload.close()
        deleteAnew()
      }
    }
  }

  /// Leaves the present phase for another.
  private func end(_ next: TorrentPhase, _ reason: String) {
    beginning += 1
    let runner = runner
    phase = next
    isToBePaused = false
    runner?.stop(reason)
    runner?.stopTracker {}
    waitingRoom?.close(reason)
    if case .removed = next {
      observers?.finish()
      observers = nil
    }
  }

  var payload: Payload? {
    switch phase {
    case .examining(let payload), .paused(let payload, _): payload
    case .running(let runner): runner.payload
    case .opening, .failed, .removed: nil
    }
  }

  // MARK: Watching

  /// - Returns: a number for `removeObserver`; `nil` when there is nothing to come.
  func addObserver(_ observer: Observers.Continuation) -> Int? {
    if case .removed = phase { return nil }
    var observers = observers ?? Observers()
    let number = observers.add(observer)
    self.observers = observers
    runner?.core.isObserved = true
    return number
  }

  func removeObserver(_ number: Int) {
    observers?.remove(number)
    listenNoMore()
  }

  func tell(_ observation: TorrentObservation) {
    observers?.tell(observation)
    listenNoMore()
  }

  /// When the last observer has gone.
  private func listenNoMore() {
    guard observers?.isEmpty == true else { return }
    observers = nil
    runner?.core.isObserved = false
  }

  // MARK: Completion

  /// Resumes when all that is wanted is there, or can't be any more.
  func awaitCompletion(_ ticket: Int, _ continuation: CompletionLine.Continuation) {
    // The compiler lets closures of the actor's asynchronous functions run elsewhere.
    assert(session.loop.isOnLoop)
    completions.join(ticket, continuation)
  }

  func takeCompletionTicket() -> Int { completions.takeTicket() }

  func cancelCompletion(_ ticket: Int) { completions.cancel(ticket) }
}
