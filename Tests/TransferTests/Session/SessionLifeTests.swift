import Foundation
import Metainfo
import Testing

@testable import Transfer

/// Sessions begin, end, and leave nothing behind.
@Suite(.timeLimit(.minutes(5))) struct SessionLifeTests {
  /// Something that should be gone.
  struct Weak: @unchecked Sendable {
    weak var object: AnyObject?
  }

  // MARK: Ports

  @Test func portInUseIsOneClearLine() async throws {
    let holder = try await TestSession()
    var configuration = SessionConfiguration()
    configuration.bindAddresses = [.loopbackIPv4]
    configuration.port = .exactly(holder.endpoint.port)
    configuration.usesLocalDiscovery = false
    let error = #expect(throws: TransferError.self) { try Session(configuration) }
    #expect(error?.kind == .network)
    #expect(
      error?.description == "cannot listen: bind 127.0.0.1:\(holder.endpoint.port): Address already in use")
    await holder.stop()
  }

  @Test func firstFreePortIsTheNextOne() async throws {
    // Somewhere there are two ports in a row of which the first is held here and the second is free.
    for _ in 0..<20 {
      let holder = try await TestSession()
      let port = holder.endpoint.port
      defer { Task { await holder.stop() } }
      guard port < 65_535, let next = try? Socket.listen(at: Endpoint(.loopbackIPv4, port: port + 1)) else {
        continue
      }
      _ = consume next
      let other = try await TestSession { $0.port = .firstFree(port...port + 1) }
      #expect(other.endpoint.port == port + 1)
      await other.stop()
      return
    }
    Issue.record("no two ports in a row")
  }

  @Test func portIsFreeAgainAfterTheEnd() async throws {
    let first = try await TestSession()
    await first.stop()
    // The first session is still held, and its port is not.
    let second = try await TestSession { $0.port = .exactly(first.endpoint.port) }
    #expect(second.endpoint == first.endpoint)
    await second.stop()
    withExtendedLifetime(first) {}
  }

  @Test func bothFamiliesShareAPort() async throws {
    var configuration = SessionConfiguration()
    configuration.port = .any
    configuration.usesLocalDiscovery = false
    let session = try Session(configuration)
    let log = EventLog(session)
    await log.wait("both listeners") { events, _ in
      events.count { if case .listening = $0 { true } else { false } } == 2
    }
    let endpoints = log.events.compactMap { if case .listening(let endpoint) = $0 { endpoint } else { nil } }
    #expect(Set(endpoints.map(\.address)) == [.anyIPv4, .anyIPv6])
    #expect(Set(endpoints.map(\.port)).count == 1)
    await session.stop()
  }

  // MARK: Torrents come and go

  @Test func theSameTorrentTwiceIsRefused() async throws {
    let sample = try SampleTorrent(size: 1000)
    let files = try SessionFolder()
    let seeder = try await TestSession()
    let source = try files.write(sample, to: "source")
    try await seeder.seed(sample, from: source)
    let error = await #expect(throws: TransferError.self) { try await seeder.seed(sample, from: source) }
    #expect(error?.kind == .state)
    await seeder.stop()
  }

  @Test func nothingIsAddedAfterTheEnd() async throws {
    let sample = try SampleTorrent(size: 1000)
    let files = try SessionFolder()
    let session = try await TestSession()
    await session.stop()
    let target = try files.folder("target")
    let error = await #expect(throws: TransferError.self) { try await session.download(sample, into: target) }
    #expect(error?.kind == .state)
  }

  @Test func missingContentIsAnErrorOfTheDisk() async throws {
    let sample = try SampleTorrent(size: 1000)
    let files = try SessionFolder()
    let session = try await TestSession()
    let error = await #expect(throws: TransferError.self) {
      try await session.seed(sample, from: files.path + "/none")
    }
    #expect(error?.kind == .disk)
    try await session.seed(sample, from: files.path)
    let isTold = session.log.events.contains {
      if case .verified(_, good: 0, total: 1) = $0 { true } else { false }
    }
    #expect(isTold)
    await session.stop()
  }

  /// Peers that come while the content is examined wait; those that leave again meanwhile are forgotten.
  @Test func peersThatComeTooEarlyWait() async throws {
    let sample = try SampleTorrent(size: 16 << 20, pieceLength: 1 << 16)
    let files = try SessionFolder()
    let seeder = try await TestSession { $0.handshakeTime = .milliseconds(50) }
    try await seeder.session.seed(sample.torrent, content: files.write(sample, to: "source"))
    let raw = RawBlock(piece: 255, offset: 0, length: 1 << 14)
    let bytes = try await onThread { [endpoint = seeder.endpoint] in
      for number in 0..<100 {
        let broken = try FakePeer(connectingTo: endpoint)
        try broken.send(FakePeer.handshake(sample, id: FakePeer.id(number)) + Message.interested.encoded)
        broken.reset()
      }
      let peer = try FakePeer(connectingTo: endpoint)
      try peer.shakeHands(sample, id: FakePeer.id(200))
      try peer.send(.interested)
      try peer.expect(.unchoke, sample)
      try peer.send(.request(raw))
      return try peer.nextBlock(sample).bytes
    }
    #expect(bytes == sample.content(of: raw))
    await seeder.stop()
  }

  // MARK: The end

  @Test func stoppingTwiceIsWaitingForOneEnd() async throws {
    let session = try await TestSession()
    async let first: Void = session.stop()
    async let second: Void = session.stop()
    _ = await (first, second)
    await session.stop()
    await session.log.wait("the end of the events") { _, isFinished in isFinished }
  }

  @Test func stopDuringTheExamination() async throws {
    let sample = try SampleTorrent(size: 16 << 20, pieceLength: 1 << 16)
    let files = try SessionFolder()
    let seeder = try await TestSession()
    try await seeder.session.seed(sample.torrent, content: files.write(sample, to: "source"))
    await seeder.stop()
    await seeder.log.wait("the end of the events") { _, isFinished in isFinished }
  }

  @Test func everythingIsFreedAfterAStopInMidTransfer() async throws {
    let parts = try await Self.stoppedInMidTransfer()
    #expect(parts.count > 6)
    let deadline = ContinuousClock.now + .seconds(10)
    while parts.contains(where: { $0.object != nil }), ContinuousClock.now < deadline { await Task.yield() }
    #expect(parts.compactMap { $0.object.map { "\(type(of: $0))" } } == [])
  }

  /// Two sessions and a stranger, stopped while they are at work; what they were made of.
  private static func stoppedInMidTransfer() async throws -> [Weak] {
    let sample = try SampleTorrent(size: 8 << 20, pieceLength: 1 << 16)
    let files = try SessionFolder()
    // It would take two minutes: the end can't come first, however slow the machine is.
    let seeder = try await TestSession { $0.limits.upload = 1 << 16 }
    let leecher = try await TestSession()
    try await seeder.seed(sample, from: files.write(sample, to: "source"))
    try await leecher.download(sample, into: files.folder("target"), peers: [seeder.endpoint])
    await leecher.log.wait(for: "a piece") { if case .piece = $0 { true } else { false } }
    let stranger = try await onThread { [endpoint = seeder.endpoint] in
      Stranger(peer: try FakePeer(connectingTo: endpoint))
    }
    let parts = await seeder.session.parts() + leecher.session.parts()
    await leecher.stop()
    await seeder.stop()
    #expect(leecher.log.wasted == nil, "the transfer was over too soon")
    withExtendedLifetime(stranger) {}
    return parts
  }

  /// A connection that is held and says nothing.
  private struct Stranger: @unchecked Sendable { let peer: FakePeer }

  @Test func sessionsLeaveNoThreadAndNoDescriptor() async throws {
    await #expect(processExitsWith: .success) {
      // Whatever the runtime opens once is open after the first round.
      _ = try await SessionLifeTests.stoppedInMidTransfer()
      await SessionLifeTests.settle { SessionLifeTests.threads() == [] }
      let before = SessionLifeTests.descriptors()
      for _ in 0..<3 { _ = try await SessionLifeTests.stoppedInMidTransfer() }
      await SessionLifeTests.settle {
        SessionLifeTests.threads() == [] && SessionLifeTests.descriptors() == before
      }
      #expect(SessionLifeTests.threads() == [])
      #expect(SessionLifeTests.descriptors() == before)
    }
  }

  private static func settle(_ isSettled: () -> Bool) async {
    let deadline = ContinuousClock.now + .seconds(10)
    while !isSettled(), ContinuousClock.now < deadline { await Task.yield() }
  }

  /// What the process's descriptors lead to.
  private static func descriptors() -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    return names.compactMap { name in
      guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/" + name),
        !target.hasPrefix("/proc/")
      else { return nil }
      // Numbers of sockets and pipes change.
      return target.split(separator: ":").first.map(String.init)
    }.sorted()
  }

  /// The sessions' threads.
  private static func threads() -> [String] {
    let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
    return tasks.compactMap { try? String(contentsOfFile: "/proc/self/task/\($0)/comm", encoding: .utf8) }
      .map { $0.trimmingCharacters(in: .newlines) }
      .filter { ["network", "worker", "resolver", "resolver-end"].contains($0) }
  }
}

extension Session {
  /// The session, its torrents and their connections.
  fileprivate func parts() -> [SessionLifeTests.Weak] {
    var parts = [SessionLifeTests.Weak(object: self)]
    for torrent in torrents.all {
      parts.append(SessionLifeTests.Weak(object: torrent))
      guard let runner = torrent.runner else { continue }
      parts.append(SessionLifeTests.Weak(object: runner))
      parts.append(SessionLifeTests.Weak(object: runner.payload))
      parts += runner.connections.all.map { SessionLifeTests.Weak(object: $0) }
    }
    return parts
  }
}
