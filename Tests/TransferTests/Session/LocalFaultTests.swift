import Foundation
import Metainfo
import Testing

@testable import Transfer

/// What is wrong on this side stops one torrent, and is nobody else's fault.
@Suite(.timeLimit(.minutes(2))) struct LocalFaultTests {
  @Test("D03 a file that is cut while it is seeded stops its torrent, and no other")
  func shortenedFile() async throws {
    let sample = try SampleTorrent(size: 4 << 14, name: "cut")
    let other = try SampleTorrent(size: 4 << 14, name: "whole", seed: 2)
    let files = try SessionFolder()
    let seeder = try await TestSession()
    try await seeder.seed(sample, from: files.write(sample, to: "source"))
    try await seeder.seed(other, from: files.write(other, to: "source"))
    try files.cut("source/cut", to: 100)
    let isClosed = try await onThread { [endpoint = seeder.endpoint] in
      let peer = try FakePeer(connectingTo: endpoint)
      try peer.shakeHands(sample)
      try peer.send(.interested)
      try peer.expect(.unchoke, sample)
      try peer.send(.request(RawBlock(piece: 3, offset: 0, length: 1 << 14)))
      return peer.isClosed()
    }
    #expect(isClosed)
    await seeder.log.wait(for: "the failure") {
      if case .failed(sample.torrent.infoHashes, let error) = $0 { error.kind == .disk } else { false }
    }
    #expect(seeder.log.banned.isEmpty)
    let leecher = try await TestSession()
    try await leecher.download(other, into: files.folder("target"), peers: [seeder.endpoint])
    await leecher.log.completed(other.torrent.infoHashes)
    await leecher.stop()
    await seeder.stop()
  }

  @Test("D10 a foreign file in the way stops the download before it is touched, unless it may be overwritten")
  func foreignFile() async throws {
    let sample = try SampleTorrent(size: 40_000)
    let foreign = try SampleTorrent(size: 40_000, seed: 9)
    let files = try SessionFolder()
    let target = try files.write(foreign, to: "target")
    let seeder = try await TestSession()
    try await seeder.seed(sample, from: files.write(sample, to: "source"))
    let leecher = try await TestSession()
    try await leecher.download(sample, into: target, peers: [seeder.endpoint])
    await leecher.log.wait(for: "the refusal") {
      if case .failed(_, let error) = $0 { error.kind == .foreignFile } else { false }
    }
    await leecher.stop()
    #expect(files.holds(foreign, in: "target"))

    let bold = try await TestSession()
    var options = TorrentOptions()
    options.overwritesForeignFiles = true
    options.peers = [seeder.endpoint]
    try await bold.session.download(sample.torrent, into: target, options)
    await bold.log.completed(sample.torrent.infoHashes)
    await bold.stop()
    await seeder.stop()
    #expect(files.holds(sample, in: "target"))
  }
}

extension SessionFolder {
  fileprivate func cut(_ name: String, to length: UInt64) throws {
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: "\(path)/\(name)"))
    try handle.truncate(atOffset: length)
    try handle.close()
  }
}
