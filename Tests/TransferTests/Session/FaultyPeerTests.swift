import Foundation
import Metainfo
import Testing

@testable import Transfer

/// Peers that send what was not asked for, or what is wrong, or nothing: downloads finish all the same.
@Suite(.timeLimit(.minutes(5))) struct FaultyPeerTests {
  @Test("W07 blocks that were not asked for, come twice or have another length are dropped")
  func unsolicitedBlocks() async throws {
    let sample = try SampleTorrent(size: 4 << 14)
    let files = try SessionFolder()
    let leecher = try await TestSession()
    try await leecher.download(sample, into: files.folder("target"))
    await leecher.log.verified(sample.torrent.infoHashes)
    try await onThread { [endpoint = leecher.endpoint] in
      let peer = try FakePeer(connectingTo: endpoint)
      try peer.shakeHands(sample)
      let lie = [UInt8](repeating: 0xee, count: 1 << 14)
      // Before anything was asked for.
      try peer.send(RawBlock(piece: 0, offset: 0, length: 1 << 14), lie)
      try peer.send(.haveAll)
      try peer.expect(.interested, sample)
      try peer.send(.unchoke)
      var answered = 0
      while answered < 4 {
        let raw = try peer.nextRequest(sample)
        let right = try #require(sample.content(of: raw))
        // A part of it, a piece that does not exist, an odd place; then what was asked for, and again, wrong.
        try peer.send(raw, Array(lie.prefix(100)))
        try peer.send(RawBlock(piece: 1000, offset: 0, length: 1 << 14), lie)
        try peer.send(RawBlock(piece: raw.piece, offset: 7, length: 1 << 14), lie)
        try peer.send(raw, right)
        answered += 1
        // After the last one both have everything, and the session hangs up.
        if answered < 4 { try peer.send(raw, lie) }
      }
      #expect(peer.isClosed())
    }
    await leecher.log.completed(sample.torrent.infoHashes)
    await leecher.stop()
    #expect(files.holds(sample, in: "target"))
    #expect(leecher.log.banned.isEmpty)
    #expect(leecher.log.wasted == 12 << 14 + 400)
  }

  enum Lie: String, CaseIterable, CustomTestStringConvertible {
    case always, firstBlock, middleBlock, lastBlock, oneIn20
    var testDescription: String { rawValue }

    func isTold(_ raw: RawBlock, _ number: Int) -> Bool {
      switch self {
      case .always: true
      case .firstBlock: raw.offset == 0
      case .middleBlock: raw.offset == 1 << 14
      case .lastBlock: raw.offset == 3 << 14
      case .oneIn20: number % 20 == 7
      }
    }
  }

  @Test("W08 one of three seeds lies: it alone is banned, and the content is right", arguments: Lie.allCases)
  func liar(lie: Lie) async throws {
    let sample = try SampleTorrent(size: 60 << 16, pieceLength: 1 << 16)
    let files = try SessionFolder()
    let isTold = Gate()
    let liar = try FakeSeed(sample, number: 3) { raw, number in
      guard var bytes = sample.content(of: raw) else { return .nothing }
      if lie.isTold(raw, number) {
        bytes[bytes.count / 2] ^= 1
        isTold.open()
      }
      return .block(bytes)
    }
    // The others give nothing before the first lie, so that the download is not over without one.
    let honest = try (1...2).map { number in
      try FakeSeed(sample, number: number) { raw, _ in
        isTold.wait()
        return sample.content(of: raw).map { .block($0) } ?? .nothing
      }
    }
    defer { for seed in honest + [liar] { seed.stop() } }
    let leecher = try await TestSession()
    try await leecher.download(
      sample, into: files.folder("target"), peers: [liar.endpoint] + honest.map(\.endpoint))
    await leecher.log.completed(sample.torrent.infoHashes, seconds: 60)
    await leecher.stop()
    #expect(files.holds(sample, in: "target"))
    #expect(leecher.log.banned == [liar.endpoint])
    #expect(leecher.log.sources.count == sample.geometry.pieceCount)
  }

  enum Sulk: String, CaseIterable, CustomTestStringConvertible {
    case rejects, neverUnchokes, sendsNothing, dribbles
    var testDescription: String { rawValue }
  }

  @Test("W10 a peer that gives nothing does not keep a download from its end", arguments: Sulk.allCases)
  func sulkingPeer(sulk: Sulk) async throws {
    let sample = try SampleTorrent(size: 12 << 14)
    let files = try SessionFolder()
    let wasAsked = Gate()
    let sulker = try FakeSeed(sample, number: 1, unchokes: sulk != .neverUnchokes) { raw, _ in
      wasAsked.open()
      switch sulk {
      case .rejects: return .reject
      case .dribbles: return .drip(sample.content(of: raw) ?? [], 20_000)
      case .neverUnchokes, .sendsNothing: return .nothing
      }
    }
    defer { sulker.stop() }
    let leecher = try await TestSession { $0.stallAllowed = .milliseconds(500) }
    try await leecher.download(sample, into: files.folder("target"), peers: [sulker.endpoint])
    if sulk == .neverUnchokes {
      await leecher.log.wait(for: "the peer") { if case .peer = $0 { true } else { false } }
    } else {
      try await onThread { wasAsked.wait() }
      #expect(!sulker.requests.isEmpty)
    }
    // The one who helps comes when everything has been asked of the other.
    let honest = try await TestSession()
    try await honest.seed(sample, from: files.write(sample, to: "source"), peers: [leecher.endpoint])
    await leecher.log.completed(sample.torrent.infoHashes, seconds: 20)
    await leecher.stop()
    await honest.stop()
    #expect(files.holds(sample, in: "target"))
    #expect(leecher.log.banned.isEmpty)
    #expect(leecher.log.sources.allSatisfy { $0.count == 1 && $0[0].port != sulker.endpoint.port })
  }

  @Test("a peer that can't be reached is said to be so")
  func nobodyThere() async throws {
    let sample = try SampleTorrent(size: 1)
    let files = try SessionFolder()
    let gone = try FakeListener().endpoint
    let leecher = try await TestSession()
    try await leecher.download(sample, into: files.folder("target"), peers: [gone])
    await leecher.log.wait(for: "the reason") {
      if case .peer(_, gone, .disconnected("Connection refused"), _) = $0 { true } else { false }
    }
    await leecher.stop()
  }

  @Test("W10 the time that a peer may give nothing is 20 seconds")
  func stallTime() { #expect(SessionConfiguration().stallAllowed == .seconds(20)) }
}
