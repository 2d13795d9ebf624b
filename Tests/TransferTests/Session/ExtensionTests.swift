import Metainfo
import Testing
import Text

@testable import Transfer

/// The extension protocol over a real connection.
@Suite(.timeLimit(.minutes(5))) struct ExtensionTests {
  private func scene() async throws -> (sample: SampleTorrent, seeder: TestSession, files: SessionFolder) {
    let sample = try SampleTorrent(size: 3 << 14)
    let files = try SessionFolder()
    let seeder = try await TestSession()
    try await seeder.seed(sample, from: files.write(sample, to: "source"))
    return (sample, seeder, files)
  }

  @Test("A peer that knows the protocol is told name and queue at once, and who doesn't is told nothing")
  func told() async throws {
    let (sample, seeder, files) = try await scene()
    let (flag, first, second, plain) = try await onThread { [endpoint = seeder.endpoint] in
      let peer = try FakePeer(connectingTo: endpoint)
      let flag = try peer.shakeHands(sample, extensions: true).supportsExtensions
      let frames = (try peer.next(sample), try peer.next(sample))
      let other = try FakePeer(connectingTo: endpoint)
      try other.shakeHands(sample, id: FakePeer.id(2))
      return (flag, frames.0, frames.1, try other.next(sample))
    }
    #expect(flag)
    guard case .message(.extensionHandshake(let handshake)) = first else {
      Issue.record("\(first)")
      return
    }
    #expect(handshake.client == Release.name)
    #expect(handshake.requestQueue == SwarmCore.longestUploadQueue)
    #expect(second == .message(.haveAll))
    #expect(plain == .message(.haveAll))
    await seeder.stop()
    withExtendedLifetime(files) {}
  }

  @Test("W16 extended messages of any kind: the peer is served, or let go for what is no handshake")
  func odd() async throws {
    let (sample, seeder, files) = try await scene()
    let deep = "d1:m" + String(repeating: "l", count: 8_000) + String(repeating: "e", count: 8_001)
    let good = [
      "d4:reqqi-1ee", "d4:reqqi0ee", "d4:reqqi2147483648ee", "d1:md6:ut_pexi0e1:ai255e1:bi255eee",
      "d6:yourip3:abce", "de",
    ]
    let results = try await onThread { [endpoint = seeder.endpoint] in
      func frame(_ id: UInt8, _ text: String) -> [UInt8] {
        let length = UInt32(text.utf8.count + 2)
        return (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) } + [20, id]
          + Array(text.utf8)
      }
      let peer = try FakePeer(connectingTo: endpoint)
      try peer.shakeHands(sample, extensions: true)
      for text in good { try peer.send(frame(0, text)) }
      // What nobody has named is passed over.
      for id in UInt8(1)...255 { try peer.send(frame(id, deep)) }
      let raw = RawBlock(piece: 1, offset: 0, length: 1 << 14)
      try peer.send(.interested)
      try peer.expect(.unchoke, sample)
      try peer.send(.request(raw))
      let isServed = try peer.nextBlock(sample).bytes == sample.content(of: raw)
      let other = try FakePeer(connectingTo: endpoint)
      try other.shakeHands(sample, id: FakePeer.id(2), extensions: true)
      try other.send(frame(0, deep))
      return (isServed, other.isClosed())
    }
    #expect(results.0 && results.1)
    await seeder.log.wait(for: "the reason") {
      if case .peer(_, _, .disconnected("invalid extension handshake message"), _) = $0 {
        true
      } else {
        false
      }
    }
    await seeder.stop()
    withExtendedLifetime(files) {}
  }
}
