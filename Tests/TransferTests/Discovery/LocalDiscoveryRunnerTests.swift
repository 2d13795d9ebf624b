import Glibc
import Metainfo
import Testing

@testable import Transfer

/// A client on the loopback network.
private actor Neighbour {
  let loop: EventLoop
  nonisolated let found: AsyncStream<Found>
  private let report: AsyncStream<Found>.Continuation
  private var runner: LocalDiscoveryRunner?
  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  struct Found: Hashable, Sendable {
    let infoHash: InfoHash
    let peer: Endpoint
  }

  init() throws {
    loop = try EventLoop(named: "neighbour")
    (found, report) = AsyncStream.makeStream()
    try loop.start()
  }

  func start(port: UInt16, _ infoHashes: [InfoHash]) {
    let runner = LocalDiscoveryRunner(loop: loop, port: port, interfaces: .loopbackOnly) {
      [report] infoHash, peer in
      report.yield(Found(infoHash: infoHash, peer: peer))
    }
    self.runner = runner
    for infoHash in infoHashes { runner.add(infoHash) }
  }

  func end() { runner?.close() }
}

@Suite(.timeLimit(.minutes(5))) struct LocalDiscoveryRunnerTests {
  private func randomHash() -> InfoHash {
    InfoHash((0..<20).map { _ in UInt8.random(in: 0...255) })!
  }

  /// The first peers heard over IPv4 for each torrent.
  private func first(_ neighbour: Neighbour, _ count: Int) async -> Set<Neighbour.Found> {
    var all: Set<Neighbour.Found> = []
    for await found in neighbour.found where found.peer.address == .loopbackIPv4 {
      all.insert(found)
      if all.count == count { break }
    }
    return all
  }

  @Test("two that start one after the other find each other within 2 s, for the torrents they share")
  func meet() async throws {
    let (a, b) = (try Neighbour(), try Neighbour())
    let shared = [randomHash(), randomHash()]
    await a.start(port: 1001, shared + [randomHash()])
    await b.start(port: 1002, shared + [randomHash()])
    let start = EventLoop.clock()
    let metByA = await first(a, 2)
    let metByB = await first(b, 2)
    #expect(EventLoop.clock() - start < .seconds(2))
    #expect(metByA == Set(shared.map { .init(infoHash: $0, peer: Endpoint(.loopbackIPv4, port: 1002)) }))
    #expect(metByB == Set(shared.map { .init(infoHash: $0, peer: Endpoint(.loopbackIPv4, port: 1001)) }))
    for neighbour in [a, b] {
      await neighbour.end()
      neighbour.loop.stop()
    }
  }

  @Test("a client that reuses the address alone, as others do, is heard and hears")
  func foreignClient() async throws {
    let infoHash = randomHash()
    let foreign = try Socket.open(Socket.datagram, for: .anyIPv4)
    try Socket.set(foreign.raw, SOL_SOCKET, SO_REUSEADDR, Int32(1))
    try Socket.bind(foreign.raw, to: Endpoint(.anyIPv4, port: LocalDiscoveryGroup.port))
    let group = LocalDiscoveryGroup.ipv4.endpoint
    try Socket.join(foreign.raw, group: group.address, on: .ipv4(.loopbackIPv4))
    try Socket.sendMulticast(foreign.raw, by: .ipv4(.loopbackIPv4))

    let neighbour = try Neighbour()
    await neighbour.start(port: 1003, [infoHash])
    #expect(hear(foreign.raw, infoHash)?.port == 1003)

    // No cookie and lower-case digits, as aria2 has it.
    let text =
      "BT-SEARCH * HTTP/1.1\r\nHost: 239.192.152.143:6771\r\nPort: 1004\r\nInfohash: \(infoHash)\r\n\r\n\r\n"
    let sent = Array(text.utf8).withUnsafeBytes { Socket.send(foreign.raw, $0, to: group) }
    #expect(sent == .bytes(text.utf8.count))
    #expect(
      await first(neighbour, 1) == [.init(infoHash: infoHash, peer: Endpoint(.loopbackIPv4, port: 1004))])
    await neighbour.end()
    neighbour.loop.stop()
  }

  /// Reads on a plain socket until a message with this torrent comes, at most a few seconds.
  private func hear(_ descriptor: Int32, _ infoHash: InfoHash) -> LocalDiscoveryMessage? {
    var buffer = [UInt8](repeating: 0, count: 2048)
    for _ in 0..<100 {
      var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard Glibc.poll(&poll, 1, 3000) == 1 else { return nil }
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count > 0, let message = LocalDiscoveryMessage(decoding: buffer[..<count]),
        message.infoHashes.contains(infoHash)
      {
        return message
      }
    }
    return nil
  }
}
