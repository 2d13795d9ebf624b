import Foundation
import Metainfo
import Testing

@testable import Transfer

/// What is wrong on this side stops one torrent, and is nobody else's fault.
@Suite(.timeLimit(.minutes(5))) struct LocalFaultTests {
  @Test("D07 a file that is cut while it is seeded costs the pieces that it lacks, and not the torrent")
  func shortenedFile() async throws {
    let sample = try SampleTorrent(size: 4 << 14, name: "cut")
    let files = try SessionFolder()
    let seeder = try await TestSession()
    try await seeder.seed(sample, from: files.write(sample, to: "source"))
    try files.cut("source/cut", to: 1 << 15)
    try await onThread { [endpoint = seeder.endpoint] in
      let peer = try FakePeer(connectingTo: endpoint)
      try peer.shakeHands(sample)
      try peer.send(.interested)
      try peer.expect(.unchoke, sample)
      let absent = RawBlock(piece: 3, offset: 0, length: 1 << 14)
      let present = RawBlock(piece: 1, offset: 0, length: 1 << 14)
      try peer.send(.request(absent))
      try peer.expect(.reject(absent), sample)
      try peer.send(.request(present))
      #expect(try peer.nextBlock(sample) == (present, sample.content(of: present) ?? []))
    }
    #expect(seeder.log.banned.isEmpty)
    await seeder.log.wait(for: "the loss") {
      if case .warning(_, let text) = $0 { text == "piece 3 no longer matches" } else { false }
    }
    await seeder.stop()
  }

  @Test("D12 a byte flipped while its file is seeded is never sent: the piece is read again and refused")
  func flippedByte() async throws {
    let sample = try SampleTorrent(size: 4 << 14, name: "flipped")
    let files = try SessionFolder()
    let seeder = try await TestSession()
    try await seeder.seed(sample, from: files.write(sample, to: "source"))
    try files.overwrite("source/flipped", at: 1 << 14, with: [sample.bytes[1 << 14] ^ 1])
    try await onThread { [endpoint = seeder.endpoint] in
      let peer = try FakePeer(connectingTo: endpoint)
      try peer.shakeHands(sample)
      try peer.send(.interested)
      try peer.expect(.unchoke, sample)
      for number in 0..<4 {
        let raw = RawBlock(piece: UInt32(number), offset: 0, length: 1 << 14)
        try peer.send(.request(raw))
        if number == 1 {
          try peer.expect(.reject(raw), sample)
        } else {
          #expect(try peer.nextBlock(sample) == (raw, sample.content(of: raw) ?? []))
        }
      }
    }
    await seeder.log.wait(for: "the loss") {
      if case .warning(_, let text) = $0 { text == "piece 1 no longer matches" } else { false }
    }
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
