import Foundation
import Metainfo
import TestKit
import Testing

@testable import Transfer

/// What a peer may send that it should not: over a real socket, with a session that must go on serving others.
@Suite(.timeLimit(.minutes(5))) struct HostilePeerTests {
  /// A session that seeds three pieces, at work.
  private struct Scene {
    let sample: SampleTorrent
    let files: SessionFolder
    let seeder: TestSession

    init(handshakeTime: Instant.Span = .seconds(10)) async throws {
      sample = try SampleTorrent(size: 3 << 14)
      files = try SessionFolder()
      seeder = try await TestSession { $0.handshakeTime = handshakeTime }
      try await seeder.seed(sample, from: files.write(sample, to: "source"))
    }

    /// A peer that does what it should gets what it asks for; then the session is stopped.
    func end(_ location: SourceLocation = #_sourceLocation) async throws {
      let raw = RawBlock(piece: 1, offset: 0, length: 1 << 14)
      let got = try await onThread { [sample, endpoint = seeder.endpoint] in
        let peer = try FakePeer(connectingTo: endpoint)
        try peer.shakeHands(sample, id: FakePeer.id(77))
        try peer.send(.interested)
        try peer.expect(.unchoke, sample)
        try peer.send(.request(raw))
        return try peer.nextBlock(sample).bytes
      }
      #expect(got == sample.content(of: raw), sourceLocation: location)
      await seeder.stop()
    }

    /// Shakes hands, is unchoked, sends this, and says whether the session hangs up.
    func isClosed(after bytes: [UInt8], fast: Bool = true, id: Int = 1) async throws -> Bool {
      try await onThread { [sample, endpoint = seeder.endpoint] in
        let peer = try FakePeer(connectingTo: endpoint)
        try peer.shakeHands(sample, id: FakePeer.id(id), fast: fast)
        try peer.send(.interested)
        try peer.expect(.unchoke, sample)
        try? peer.send(bytes)
        return peer.isClosed()
      }
    }

    /// Asks without reading the answers, and says whether the session hangs up.
    func askWithoutEnd() async throws -> Bool {
      try await onThread { [sample, endpoint = seeder.endpoint] in
        let peer = try FakePeer(connectingTo: endpoint)
        try peer.shakeHands(sample, id: FakePeer.id(5))
        try peer.send(.interested)
        try peer.expect(.unchoke, sample)
        let request = Message.request(RawBlock(piece: 0, offset: 0, length: 1 << 14)).encoded
        let requests = Array(repeatElement(request, count: 1000).joined())
        // What the kernel takes between the two is some megabytes.
        for _ in 0..<1000 { do { try peer.send(requests) } catch { return true } }
        return false
      }
    }

    /// Many who each announce a long message and bring most of it.
    func dripGiants() async throws {
      try await onThread { [sample, endpoint = seeder.endpoint] in
        let part = [0, 0x10, 0, 0, 20] + [UInt8](repeating: 1, count: 900_000)
        var peers: [FakePeer] = []
        for number in 0..<60 {
          let peer = try FakePeer(connectingTo: endpoint)
          try peer.shakeHands(sample, id: FakePeer.id(100 + number))
          try peer.send(part)
          peers.append(peer)
        }
      }
    }
  }

  // MARK: Handshakes

  @Test("W01 handshakes that can't become one are refused at once")
  func badHandshakes() async throws {
    let scene = try await Scene()
    let good = FakePeer.handshake(scene.sample)
    let other = try SampleTorrent(size: 1, name: "other")
    let bad: [[UInt8]] = [
      [18] + good.dropFirst(), [20] + good.dropFirst(), [0] + good.dropFirst(), [255] + good.dropFirst(),
      [19] + Array("bitTorrent protocol".utf8) + good.dropFirst(20), FakePeer.handshake(other),
      Array("GET / HTTP/1.1\r\n\r\n".utf8), Array(good.prefix(19)) + [0],
    ]
    for bytes in bad {
      let isClosed = try await onThread { [endpoint = scene.seeder.endpoint] in
        let peer = try FakePeer(connectingTo: endpoint)
        try? peer.send(bytes)
        return peer.isClosed()
      }
      #expect(isClosed, "\(bytes)")
    }
    await scene.seeder.log.wait("the reasons") { events, _ in
      let reasons = events.compactMap { if case .refused(_, let reason) = $0 { reason } else { nil } }
      return reasons.count == 8
        && Set(reasons) == ["not a BitTorrent handshake", "asks for a torrent that is not here"]
    }
    try await scene.end()
  }

  @Test("W01 a peer with this side's own id is this side, and is let go with that reason")
  func ownID() async throws {
    let scene = try await Scene()
    let isClosed = try await onThread { [sample = scene.sample, endpoint = scene.seeder.endpoint] in
      let own = try FakePeer(connectingTo: endpoint).shakeHands(sample).peerID
      let peer = try FakePeer(connectingTo: endpoint)
      try peer.send(FakePeer.handshake(sample, id: own))
      return peer.isClosed()
    }
    #expect(isClosed)
    await scene.seeder.log.wait(for: "the reason") {
      if case .peer(_, _, .disconnected("is this client itself"), _) = $0 { true } else { false }
    }
    try await scene.end()
  }

  @Test("W01 67 bytes of a handshake, or none, and then silence", arguments: [0, 1, 19, 67])
  func silence(bytes: Int) async throws {
    let scene = try await Scene(handshakeTime: .milliseconds(200))
    let (isClosed, time) = try await onThread { [sample = scene.sample, endpoint = scene.seeder.endpoint] in
      let peer = try FakePeer(connectingTo: endpoint)
      let start = EventLoop.clock()
      try peer.send(Array(FakePeer.handshake(sample).prefix(bytes)))
      return (peer.isClosed(), EventLoop.clock() - start)
    }
    #expect(isClosed)
    #expect(time > .milliseconds(150))
    await scene.seeder.log.wait(for: "the reason") {
      if case .refused(_, "no handshake in time") = $0 { true } else { false }
    }
    // The time is for the handshake: whoever is through may be silent for longer.
    let isServed = try await onThread { [sample = scene.sample, endpoint = scene.seeder.endpoint] in
      let peer = try FakePeer(connectingTo: endpoint)
      try peer.shakeHands(sample)
      let other = try FakePeer(connectingTo: endpoint)
      _ = other.isClosed()
      try peer.send(.interested)
      try peer.expect(.unchoke, sample)
      return true
    }
    #expect(isServed)
    try await scene.end()
  }

  @Test("W01 the time for a handshake is ten seconds")
  func handshakeTime() { #expect(SessionConfiguration().handshakeTime == .seconds(10)) }

  // MARK: Frames

  @Test(
    "W02 length prefixes that nothing has",
    arguments: [0xffff_ffff, 0x8000_0000, 0x7fff_ffff, (1 << 20) + 1])
  func longPrefix(length: UInt32) async throws {
    let scene = try await Scene()
    let prefix = (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) }
    let isClosed = try await onThread { [sample = scene.sample, endpoint = scene.seeder.endpoint] in
      let peer = try FakePeer(connectingTo: endpoint)
      try peer.shakeHands(sample)
      try peer.send(prefix)
      return peer.isClosed()
    }
    #expect(isClosed)
    await scene.seeder.log.wait(for: "the reason") {
      if case .peer(_, _, .disconnected("a message of \(length) bytes is too long"), _) = $0 {
        true
      } else {
        false
      }
    }
    try await scene.end()
  }

  @Test("W03 messages of a wrong length end the connection")
  func wrongLengths() async throws {
    let scene = try await Scene()
    let raw = RawBlock(piece: 0, offset: 0, length: 1 << 14)
    let known: [(id: UInt8, payload: Int)] = [
      (0, 0), (1, 0), (2, 0), (3, 0), (4, 4), (5, 1), (6, 12), (8, 12), (9, 2), (0x0d, 4), (0x0e, 0),
      (0x0f, 0),
      (0x10, 12), (0x11, 4),
    ]
    for (id, right) in known {
      for payload in [right - 1, right + 1] where payload >= 0 {
        let frame = [0, 0, 0, UInt8(payload + 1), id] + [UInt8](repeating: 0, count: payload)
        #expect(try await scene.isClosed(after: frame), "message \(id) of \(payload)")
      }
    }
    // A block without a byte, and one longer than anyone asks for.
    #expect(try await scene.isClosed(after: FakePeer.frame(raw, [])))
    #expect(try await scene.isClosed(after: FakePeer.frame(raw, [UInt8](repeating: 0, count: (1 << 14) + 1))))
    try await scene.end()
  }

  @Test("W03 messages that this side does not know are passed over")
  func unknownMessages() async throws {
    let scene = try await Scene()
    let raw = RawBlock(piece: 2, offset: 0, length: 1 << 14)
    let bytes = try await onThread { [sample = scene.sample, endpoint = scene.seeder.endpoint] in
      let peer = try FakePeer(connectingTo: endpoint)
      try peer.shakeHands(sample)
      for id in UInt8(0)...255 where ![4, 5, 6, 7, 8, 9].contains(id) && !(0x00...0x11).contains(id) {
        let length = Int(id) * 37
        try peer.send(
          [0, 0, UInt8((length + 1) >> 8), UInt8((length + 1) & 255), id]
            + [UInt8](repeating: id, count: length))
      }
      // A payload of the greatest length that is passed over.
      try peer.send([0, 0x10, 0, 0, 20] + [UInt8](repeating: 7, count: (1 << 20) - 1))
      try peer.send(.keepAlive, .keepAlive, .interested)
      try peer.expect(.unchoke, sample)
      try peer.send(.request(raw))
      return try peer.nextBlock(sample).bytes
    }
    #expect(bytes == scene.sample.content(of: raw))
    try await scene.end()
  }

  @Test("W04 numbers that lie outside the torrent end the connection")
  func wildNumbers() async throws {
    let scene = try await Scene()
    let wild: [UInt32] = [3, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff]
    var messages: [Message] = []
    for piece in wild {
      let raw = RawBlock(piece: piece, offset: 0, length: 1 << 14)
      messages += [
        .have(piece), .suggest(piece), .allowedFast(piece), .request(raw), .cancel(raw), .reject(raw),
      ]
    }
    for (offset, length) in [
      (1, 1 << 14), (1 << 14, 1), (0, 0), (0, (1 << 14) + 1), (0x7fff_ffff, 0x7fff_ffff),
      (0xffff_ffff, 1), (0xffff_ffff, 0xffff_ffff), (0, 0x7fff_ffff),
    ] as [(UInt32, UInt32)] {
      messages.append(.request(RawBlock(piece: 0, offset: offset, length: length)))
    }
    for message in messages {
      #expect(try await scene.isClosed(after: message.encoded), "\(message)")
    }
    try await scene.end()
  }

  @Test("W05 bitfields that don't fit end the connection")
  func bitfields() async throws {
    let scene = try await Scene()
    for bits in [[], [0b1110_0000, 0], [0b1111_0000], [0b0000_0001]] as [[UInt8]] {
      #expect(try await scene.isClosed(after: Message.bitfield(bits).encoded), "\(bits)")
    }
    #expect(try await scene.isClosed(after: Message.haveAll.encoded, fast: false))
    try await scene.end()
  }

  // MARK: Memory

  // The address sanitizer keeps what has been freed for a while.
  @Test(
    "W02 W12 long messages dripped by many, and endless requests, don't grow the process",
    .enabled(if: !isSanitized))
  func floods() async throws {
    await #expect(processExitsWith: .success) {
      let scene = try await Scene()
      try await scene.dripGiants()
      _ = try await scene.askWithoutEnd()
      let before = residentBytes()
      for _ in 0..<3 {
        try await scene.dripGiants()
        _ = try await scene.askWithoutEnd()
      }
      let grown = residentBytes() - before
      #expect(grown < 8 << 20, "\(grown) bytes")
      try await scene.end()
    }
  }

  @Test("W12 a peer that asks and asks and reads nothing is let go, and others are served")
  func asking() async throws {
    let scene = try await Scene()
    let hasEnded = try await scene.askWithoutEnd()
    #expect(hasEnded)
    await scene.seeder.log.wait(for: "the reason") {
      if case .peer(_, _, .disconnected("does not read what it asks for"), _) = $0 { true } else { false }
    }
    try await scene.end()
  }
}

/// What the process has in memory.
func residentBytes() -> Int {
  let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
  return fields.count > 1 ? (Int(fields[1]) ?? 0) * 4096 : 0
}
