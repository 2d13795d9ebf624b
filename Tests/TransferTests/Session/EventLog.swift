import Metainfo
import Platform
import Testing

@testable import Transfer

/// Everything that a session tells, kept, and waited for.
final class EventLog: Sendable {
  private struct State {
    var events: [SessionEvent] = []
    var isFinished = false
    var waiters: [Int: Waiter] = [:]
    var nextWaiter = 0
  }

  private struct Waiter {
    let accepts: @Sendable ([SessionEvent], Bool) -> Bool
    let continuation: CheckedContinuation<Bool, Never>
  }

  private let state = Lock(State())

  init(_ session: Session) {
    let events = session.events()
    // Holds neither the session nor, when the session ends, the log.
    Task {
      for await event in events { self.change { $0.events.append(event) } }
      self.change { $0.isFinished = true }
    }
  }

  var events: [SessionEvent] { state.withLock { $0.events } }

  private func change(_ body: (inout State) -> Void) {
    let ready = state.withLock { state in
      body(&state)
      let ready = state.waiters.filter { $0.value.accepts(state.events, state.isFinished) }
      for key in ready.keys { state.waiters[key] = nil }
      return ready.values.map(\.continuation)
    }
    for continuation in ready { continuation.resume(returning: true) }
  }

  /// Waits until what has been told so far is enough; records an issue when it takes longer than `seconds`.
  @discardableResult
  func wait(
    _ what: String, seconds: Int = 30, _ location: SourceLocation = #_sourceLocation,
    until accepts: @escaping @Sendable ([SessionEvent], _ isFinished: Bool) -> Bool
  ) async -> Bool {
    let isThere = await withCheckedContinuation { continuation in
      let key: Int? = state.withLock { state in
        if accepts(state.events, state.isFinished) { return nil }
        state.nextWaiter += 1
        state.waiters[state.nextWaiter] = Waiter(accepts: accepts, continuation: continuation)
        return state.nextWaiter
      }
      guard let key else { return continuation.resume(returning: true) }
      Task {
        try? await Task.sleep(for: .seconds(seconds))
        let late = state.withLock { $0.waiters.removeValue(forKey: key) }
        late?.continuation.resume(returning: false)
      }
    }
    if !isThere {
      Issue.record("waited \(seconds) s for \(what); told: \(events.suffix(20))", sourceLocation: location)
    }
    return isThere
  }

  /// Waits for one event.
  @discardableResult
  func wait(
    for what: String, seconds: Int = 30, _ location: SourceLocation = #_sourceLocation,
    _ accepts: @escaping @Sendable (SessionEvent) -> Bool
  ) async -> Bool {
    await wait(what, seconds: seconds, location) { events, _ in events.contains(where: accepts) }
  }

  @discardableResult
  func completed(
    _ id: TorrentID, seconds: Int = 30, _ location: SourceLocation = #_sourceLocation
  ) async -> Bool {
    await wait(for: "completion", seconds: seconds, location) {
      if case .completed(id, _, _, _) = $0 { true } else { false }
    }
  }

  func verified(_ id: TorrentID, _ location: SourceLocation = #_sourceLocation) async {
    await wait(for: "verification", location) { if case .verified(id, _, _) = $0 { true } else { false } }
  }

  /// Why connections have ended, in order.
  var farewells: [String] {
    events.compactMap { if case .peer(_, _, .disconnected(let reason), _) = $0 { reason } else { nil } }
  }

  var banned: [Endpoint] {
    events.compactMap { if case .peer(_, let endpoint, .banned, _) = $0 { endpoint } else { nil } }
  }

  var wasted: Int? {
    events.compactMap { if case .completed(_, _, _, let wasted) = $0 { wasted } else { nil } }.first
  }

  /// Who has delivered each piece.
  var sources: [[Endpoint]] {
    events.compactMap { if case .piece(_, _, let sources) = $0 { sources } else { nil } }
  }

  /// Where the session listens, once it has said so.
  func endpoint(_ location: SourceLocation = #_sourceLocation) async throws -> Endpoint {
    await wait(for: "a port", location) { if case .listening = $0 { true } else { false } }
    return try #require(
      events.compactMap { if case .listening(let endpoint) = $0 { endpoint } else { nil } }.first)
  }
}

/// A session on loopback, at a port of the system's choice, and what it tells.
struct TestSession: Sendable {
  let session: Session
  let log: EventLog
  let endpoint: Endpoint

  init(
    at address: IPAddress = .loopbackIPv4, _ adjust: (inout SessionConfiguration) -> Void = { _ in }
  ) async throws {
    var configuration = SessionConfiguration()
    configuration.bindAddresses = [address]
    configuration.port = .any
    configuration.usesLocalDiscovery = false
    adjust(&configuration)
    session = try Session(configuration)
    log = EventLog(session)
    endpoint = try await log.endpoint()
  }

  @discardableResult
  func seed(
    _ sample: SampleTorrent, from path: String, peers: [Endpoint] = []
  ) async throws -> TorrentHandle {
    var options = TorrentOptions()
    options.peers = peers
    let handle = try await session.seed(sample.torrent, content: path, options)
    await log.verified(sample.torrent.infoHashes)
    return handle
  }

  @discardableResult
  func download(
    _ sample: SampleTorrent, into path: String, peers: [Endpoint] = []
  ) async throws -> TorrentHandle {
    var options = TorrentOptions()
    options.peers = peers
    return try await session.download(sample.torrent, into: path, options)
  }

  func stop() async { await session.stop() }
}
