import Glibc
import Metainfo
import TestKit
import Testing

@testable import Transfer

/// Whole sessions on loopback that know nothing but their torrent.
@Suite(.timeLimit(.minutes(5))) struct SessionDiscoveryTests {
  private func session() throws -> Session {
    var configuration = SessionConfiguration()
    configuration.bindAddresses = [.loopbackIPv4]
    configuration.port = .any
    return try Session(configuration)
  }

  private func content() -> [UInt8] { (0..<40_000).map { _ in UInt8.random(in: 0...255) } }

  @Test("two sessions find each other within 2 s, whoever starts first", arguments: [true, false])
  func meet(_ seederIsFirst: Bool) async throws {
    let content = content()
    let torrent = try Metainfo.Torrent(of: content)
    let tree = try TemporaryTree()
    try tree.write(content, to: "from/content")
    try tree.makeFolder("to")
    let (seeder, leecher) = (try session(), try session())
    let download: TorrentHandle
    if seederIsFirst {
      try await seeder.seed(torrent, content: tree.path + "/from")
      download = try await leecher.download(torrent, into: tree.path + "/to")
    } else {
      download = try await leecher.download(torrent, into: tree.path + "/to")
      try await seeder.seed(torrent, content: tree.path + "/from")
    }
    let start = EventLoop.clock()
    try await download.completion()
    // A sanitizer makes everything some ten times slower, and is no measure of this.
    #expect(EventLoop.clock() - start < (isSanitized ? .seconds(30) : .seconds(2)))
    #expect(tree.read("to/content") == content)
    await leecher.stop()
    await seeder.stop()
  }

  @Test("BEP 27: a private torrent is not announced to neighbours")
  func privateTorrent() async throws {
    let (secret, open) = (content(), content())
    let privateTorrent = try Metainfo.Torrent(of: secret, isPrivate: true)
    let publicTorrent = try Metainfo.Torrent(of: open)
    let tree = try TemporaryTree()
    try tree.write(secret, to: "secret/content")
    try tree.write(open, to: "open/content")
    let socket = try Socket.bindDatagram(to: LocalDiscoveryGroup.ipv4.endpoint, shared: true)
    try Socket.join(socket.raw, group: LocalDiscoveryGroup.ipv4.endpoint.address, on: .ipv4(.loopbackIPv4))

    let session = try session()
    try await session.seed(privateTorrent, content: tree.path + "/secret").completion()
    try await session.seed(publicTorrent, content: tree.path + "/open")
    var heard: Set<InfoHash> = []
    var buffer = [UInt8](repeating: 0, count: 2048)
    while !heard.contains(publicTorrent.infoHash) {
      var poll = pollfd(fd: socket.raw, events: Int16(POLLIN), revents: 0)
      try #require(Glibc.poll(&poll, 1, 5000) == 1)
      let count = recv(socket.raw, &buffer, buffer.count, 0)
      if count > 0, let message = LocalDiscoveryMessage(decoding: buffer[..<count]) {
        heard.formUnion(message.infoHashes)
      }
    }
    #expect(!heard.contains(privateTorrent.infoHash))
    await session.stop()
  }
}
