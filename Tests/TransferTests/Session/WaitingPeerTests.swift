import Metainfo
import Testing

@testable import Transfer

/// Peers that come while the content of their torrent is still being examined.
@Suite(.timeLimit(.minutes(5))) struct WaitingPeerTests {
  /// A session in which an examination goes on for as long as the test wants.
  private struct Scene {
    let sample: SampleTorrent
    let seeder: TestSession
    let files: SessionFolder
    let examination = Gate()

    init() async throws {
      sample = try SampleTorrent(size: 3 << 14)
      files = try SessionFolder()
      seeder = try await TestSession()
      let other = try SampleTorrent(size: 1, name: "other")
      try await seeder.seed(other, from: files.write(other, to: "other"))
      await seeder.session.keepWorkersBusy(until: examination)
      let source = try files.write(sample, to: "source")
      // It is only opened when a worker has time.
      Task { [seeder, sample] in try await seeder.session.seed(sample.torrent, content: source) }
      await seeder.session.waitUntilThere(sample.torrent.infoHash)
    }

    var isExamined: Bool {
      seeder.log.events.contains {
        if case .verified(sample.torrent.infoHashes, _, _) = $0 { true } else { false }
      }
    }
  }

  @Test("A peer that has sent 100 kB behind its handshake waits, and is then served")
  func served() async throws {
    let scene = try await Scene()
    let raw = RawBlock(piece: 2, offset: 0, length: 1 << 14)
    let (hasWaited, bytes) = try await onThread { [scene] in
      let peer = try FakePeer(connectingTo: scene.seeder.endpoint)
      let much = [UInt8](repeating: 0, count: 100_000)
      try peer.send(FakePeer.handshake(scene.sample) + much + Message.interested.encoded)
      // It is answered at once, so that it has a reason to wait.
      _ = try peer.takeHandshake()
      let hasWaited = !scene.isExamined
      scene.examination.open()
      try peer.expect(.unchoke, scene.sample)
      try peer.send(.request(raw))
      return (hasWaited, try peer.nextBlock(scene.sample).bytes)
    }
    #expect(hasWaited)
    #expect(bytes == scene.sample.content(of: raw))
    await scene.seeder.stop()
  }

  @Test("A peer that goes while it waits is heard of")
  func gone() async throws {
    let scene = try await Scene()
    try await onThread { [scene] in
      let peer = try FakePeer(connectingTo: scene.seeder.endpoint)
      try peer.send(FakePeer.handshake(scene.sample) + [UInt8](repeating: 0, count: 100_000))
      _ = try peer.takeHandshake()
      peer.reset()
    }
    await scene.seeder.log.wait(for: "its end") {
      if case .peer(_, _, .disconnected("closed by the peer"), client: "FK 0.0.0.1") = $0 {
        true
      } else {
        false
      }
    }
    #expect(!scene.isExamined)
    scene.examination.open()
    await scene.seeder.log.verified(scene.sample.torrent.infoHashes)
    await scene.seeder.stop()
  }

  @Test("A handshake without the peer id is answered with a whole one")
  func greeting() async throws {
    let scene = try await Scene()
    scene.examination.open()
    let (answer, bytes) = try await onThread { [scene] in
      let peer = try FakePeer(connectingTo: scene.seeder.endpoint)
      let handshake = FakePeer.handshake(scene.sample)
      try peer.send(Array(handshake[..<Handshake.greetingLength]))
      let answer = try peer.takeHandshake()
      // Who goes on is a peer like any other.
      try peer.send(Array(handshake[Handshake.greetingLength...]))
      try peer.send(.interested)
      try peer.expect(.unchoke, scene.sample)
      let raw = RawBlock(piece: 0, offset: 0, length: 1 << 14)
      try peer.send(.request(raw))
      return (answer, try peer.nextBlock(scene.sample).bytes)
    }
    #expect(answer.infoHash == scene.sample.torrent.infoHash)
    #expect(bytes == Array(scene.sample.bytes[..<(1 << 14)]))
    await scene.seeder.stop()
  }

  @Test("Whoever waits for work that no thread has taken is told when the session is stopped")
  func stoppedBeforeItsTurn() async throws {
    let scene = try await Scene()
    let session = scene.seeder.session
    await session.fillQueue()
    let late = try SampleTorrent(size: 10, name: "late")
    let source = try scene.files.write(late, to: "late")
    let adding = Task { try await session.seed(late.torrent, content: source) }
    await session.waitUntilThere(late.torrent.infoHash)
    let stopping = try await onThread { [scene] in
      let peer = try FakePeer(connectingTo: scene.seeder.endpoint)
      let stopping = Task { await session.stop() }
      // It is at the end of its connections.
      #expect(throws: FakePeer.Failure.self) { _ = try peer.receive(1) }
      scene.examination.open()
      return stopping
    }
    _ = try? await adding.value
    await stopping.value
    await scene.seeder.stop()
  }
}

extension Session {
  /// More work than waits for the threads.
  fileprivate func fillQueue() {
    for torrent in torrents.all.prefix(1) {
      for _ in 0..<5_000 { torrent.session.submit {} }
    }
  }

  /// Until the gate opens no worker thread has time for anything else.
  fileprivate func keepWorkersBusy(until gate: Gate) {
    for torrent in torrents.all.prefix(1) {
      for _ in 0..<4 { torrent.session.submit { gate.wait() } }
    }
  }

  /// Until a torrent that is being added has its place.
  fileprivate func waitUntilThere(_ hash: InfoHash) async {
    while torrents[hash] == nil { await Task.yield() }
  }
}
