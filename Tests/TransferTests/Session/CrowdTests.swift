import Foundation
import Metainfo
import Testing

@testable import Transfer

/// Many who are of no use to anybody, and everybody wrong about the same piece.
@Suite(.timeLimit(.minutes(5))) struct CrowdTests {
  @Test("N06 1,000 connections that send a byte now and then keep nobody out, and are all let go in time")
  func slowLoris() async throws {
    let sample = try SampleTorrent(size: 3 << 14)
    let files = try SessionFolder()
    let seeder = try await TestSession { $0.handshakeTime = .seconds(3) }
    try await seeder.seed(sample, from: files.write(sample, to: "source"))
    let handshake = FakePeer.handshake(sample)
    try await onThread { [endpoint = seeder.endpoint] in
      var crowd: [FakePeer] = []
      for number in 0..<1000 {
        let one = try FakePeer(connectingTo: endpoint)
        // Those before it may have been let go, to make room: that is no fault of theirs.
        try? one.send(Array(handshake.prefix(1 + number % 60)))
        crowd.append(one)
      }
      let peer = try FakePeer(connectingTo: endpoint)
      try peer.shakeHands(sample, id: FakePeer.id(7))
      try peer.send(.interested)
      try peer.expect(.unchoke, sample)
      let raw = RawBlock(piece: 2, offset: 0, length: 1 << 14)
      try peer.send(.request(raw))
      #expect(try peer.nextBlock(sample).bytes == sample.content(of: raw))
      for one in crowd {
        try? one.send([0])
        #expect(one.isClosed())
      }
    }
    await seeder.log.wait("all of them refused", seconds: 20) { events, _ in
      events.count { if case .refused = $0 { true } else { false } } == 1000
    }
    await seeder.stop()
  }

  @Test(
    "W09 a piece that every seed has wrong: who sent it is told, the others are kept, and it is not asked for on and on"
  )
  func wrongEverywhere() async throws {
    let sample = try SampleTorrent(size: 6 << 14)
    let files = try SessionFolder()
    let lie = [UInt8](repeating: 0xee, count: 1 << 14)
    let seeds = try (1...2).map { number in
      try FakeSeed(sample, number: number) { raw, _ in
        raw.piece == 4 ? .block(lie) : sample.content(of: raw).map(FakeSeed.Answer.block) ?? .nothing
      }
    }
    let leecher = try await TestSession()
    let id = sample.torrent.infoHashes
    let handle = try await leecher.download(
      sample, into: files.folder("target"), peers: seeds.map(\.endpoint))
    await leecher.log.wait("the piece that no source has") { events, _ in
      events.contains { event in
        guard case .warning(id, let text) = event else { return false }
        return text.hasPrefix("piece 4 came wrong from 127.0.0.1:")
          && text.hasSuffix(", and no other source has it")
      }
    }
    await leecher.log.wait("the five others") { events, _ in
      events.count { if case .piece = $0 { true } else { false } } == 5
    }
    // A sender of what was proven wrong is not asked again.
    let asked = seeds.map { $0.requests.count { $0.piece == 4 } }
    #expect(asked.allSatisfy { $0 <= 2 }, "\(asked)")
    let snapshot = try #require(await handle.snapshot())
    #expect(snapshot.progress?.done == 5 << 14)
    #expect(snapshot.progress?.unavailable == 1)
    await leecher.stop()
    for seed in seeds { seed.stop() }
    let part =
      FileManager.default.contents(atPath: "\(files.path)/target/sample.part").map { Array($0) } ?? []
    #expect(
      part.prefix(4 << 14) == sample.bytes.prefix(4 << 14)
        && part.suffix(1 << 14) == sample.bytes.suffix(1 << 14))
  }

  @Test("K09 after a standstill what has come meanwhile is looked at before any deadline")
  func standstill() async throws {
    let loop = try EventLoop(named: "standstill")
    try loop.start()
    let listener = try FakeListener()
    let order = EventOrder()
    try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
      loop.post {
        do {
          let descriptor = try Socket.connect(to: listener.endpoint)
          let far = try #require(try listener.accept())
          let stream = try TCPStream(descriptor, on: loop)
          try stream.open(for: .read) { _ in
            order.note("bytes")
            var byte: UInt8 = 0
            _ = withUnsafeMutableBytes(of: &byte) { stream.receive(into: $0) }
          }
          _ = loop.schedule(after: .milliseconds(20)) {
            order.note("deadline")
            stream.close()
            done.resume()
          }
          try far.send([1])
          // The whole process stands still, past the deadline.
          usleep(60_000)
        } catch { done.resume(throwing: error) }
      }
    }
    loop.stop()
    #expect(order.all == ["bytes", "deadline"])
  }
}

/// What has happened, in order. For one thread.
private final class EventOrder: @unchecked Sendable {
  private(set) var all: [String] = []
  func note(_ what: String) { if all.last != what { all.append(what) } }
}
