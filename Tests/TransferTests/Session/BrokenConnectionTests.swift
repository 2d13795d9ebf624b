import Metainfo
import Testing

@testable import Transfer

/// Connections that end, or are cut into bytes, anywhere.
@Suite(.timeLimit(.minutes(15))) struct BrokenConnectionTests {
  /// Three pieces of fifty bytes: what a seed sends of them is short enough to try every place.
  private static func sample(_ number: Int) throws -> SampleTorrent {
    try SampleTorrent(size: 149, name: "small \(number)", pieceLength: 50, seed: UInt64(number + 1))
  }

  /// All that a seed sends, when it may say everything at once.
  private static func stream(of sample: SampleTorrent) -> [UInt8] {
    FakePeer.handshake(sample) + Message.bitfield([0b1110_0000]).encoded + Message.unchoke.encoded
  }

  private static func blocks(of sample: SampleTorrent, _ peer: FakePeer) throws -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in sample.geometry.pieces {
      let raw = try peer.nextRequest(sample)
      bytes += FakePeer.frame(raw, sample.content(of: raw) ?? [])
    }
    return bytes
  }

  /// Sends the first `count` bytes of what a seed sends; what is asked for comes from the session.
  private static func serve(_ sample: SampleTorrent, first count: Int, _ peer: FakePeer) throws {
    let start = stream(of: sample)
    try peer.send(Array(start.prefix(count)))
    guard count > start.count else { return }
    _ = try peer.takeHandshake()
    try peer.send(Array(try blocks(of: sample, peer).prefix(count - start.count)))
  }

  @Test("W11 a seed that ends its connection at any byte costs nothing but time", arguments: [false, true])
  func seedEndsAnywhere(resets: Bool) async throws {
    let files = try SessionFolder()
    let folder = try files.folder("target")
    let leecher = try await TestSession()
    let length = try Self.stream(of: Self.sample(0)).count + 3 * RawBlock.headerLength + 149
    for count in 0..<length {
      let sample = try Self.sample(count)
      try await leecher.download(sample, into: folder)
      await leecher.log.verified(sample.torrent.infoHashes)
      try await onThread { [endpoint = leecher.endpoint] in
        let broken = try FakePeer(connectingTo: endpoint)
        try Self.serve(sample, first: count, broken)
        resets ? broken.reset() : broken.close()
        let whole = try FakePeer(connectingTo: endpoint)
        try whole.send(FakePeer.handshake(sample, id: FakePeer.id(2)) + Message.haveAll.encoded)
        try whole.send(.unchoke)
        _ = try whole.takeHandshake()
        do {
          while true {
            let raw = try whole.nextRequest(sample)
            try whole.send(raw, sample.content(of: raw) ?? [])
          }
        } catch FakePeer.Failure.closed {
          // Both are complete.
        }
      }
      await leecher.log.completed(sample.torrent.infoHashes)
      #expect(files.holds(sample, in: "target"), "after \(count) bytes")
    }
    #expect(leecher.log.banned.isEmpty)
    await leecher.stop()
  }

  @Test(
    "W11 a downloader that ends its connection at any byte leaves the seed as it was",
    arguments: [false, true])
  func downloaderEndsAnywhere(resets: Bool) async throws {
    let sample = try Self.sample(0)
    let files = try SessionFolder()
    let seeder = try await TestSession()
    try await seeder.seed(sample, from: files.write(sample, to: "source"))
    let requests = (0..<3).map {
      Message.request(RawBlock(piece: $0, offset: 0, length: $0 == 2 ? 49 : 50)).encoded
    }
    let stream = FakePeer.handshake(sample) + Message.interested.encoded + requests.joined()
    try await onThread { [endpoint = seeder.endpoint] in
      for count in 0..<stream.count {
        let broken = try FakePeer(connectingTo: endpoint)
        try broken.send(Array(stream.prefix(count)))
        resets ? broken.reset() : broken.close()
      }
      let whole = try FakePeer(connectingTo: endpoint)
      try whole.shakeHands(sample, id: FakePeer.id(2))
      try whole.send(.interested)
      try whole.expect(.unchoke, sample)
      try whole.send(requests.flatMap { $0 })
      for _ in requests {
        let (raw, bytes) = try whole.nextBlock(sample)
        #expect(bytes == sample.content(of: raw))
      }
    }
    await seeder.stop()
  }

  @Test("a stream that comes byte by byte is the same stream")
  func byteByByte() async throws {
    let sample = try Self.sample(0)
    let files = try SessionFolder()
    let leecher = try await TestSession()
    try await leecher.download(sample, into: files.folder("target"))
    await leecher.log.verified(sample.torrent.infoHashes)
    try await onThread { [endpoint = leecher.endpoint] in
      let peer = try FakePeer(connectingTo: endpoint)
      for byte in Self.stream(of: sample) { try peer.send([byte]) }
      _ = try peer.takeHandshake()
      for byte in try Self.blocks(of: sample, peer) { try peer.send([byte]) }
      #expect(peer.isClosed())
    }
    await leecher.log.completed(sample.torrent.infoHashes)
    await leecher.stop()
    #expect(files.holds(sample, in: "target"))
    #expect(leecher.log.wasted == 0)
  }

  @Test("a stream that is cut in two at any byte is the same stream")
  func cutInTwo() async throws {
    let files = try SessionFolder()
    let folder = try files.folder("target")
    let leecher = try await TestSession()
    let length = try Self.stream(of: Self.sample(0)).count
    for count in 1..<length {
      let sample = try Self.sample(count)
      try await leecher.download(sample, into: folder)
      await leecher.log.verified(sample.torrent.infoHashes)
      try await onThread { [endpoint = leecher.endpoint] in
        let peer = try FakePeer(connectingTo: endpoint)
        let stream = Self.stream(of: sample)
        try peer.send(Array(stream.prefix(count)))
        // The session answers another peer: by then it has read this one's first part.
        let other = try FakePeer(connectingTo: endpoint)
        try other.shakeHands(sample, id: FakePeer.id(3))
        try peer.send(Array(stream.dropFirst(count)))
        _ = try peer.takeHandshake()
        let blocks = try Self.blocks(of: sample, peer)
        try peer.send(Array(blocks.prefix(count)))
        try peer.send(Array(blocks.dropFirst(count)))
        #expect(peer.isClosed())
      }
      await leecher.log.completed(sample.torrent.infoHashes)
      #expect(files.holds(sample, in: "target"), "cut after \(count) bytes")
    }
    await leecher.stop()
  }
}
