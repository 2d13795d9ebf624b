import TestKit
import Testing

/// The three sizes of piece that every pair of programs is tried with.
private let pieceLengths = [16 << 10, 256 << 10, 4 << 20]

/// Our command and the real programs, in both directions, over loopback. Each case is five torrents at once.
@Suite("N12 interoperation", .serialized, .timeLimit(.minutes(5)))
struct InteroperationTests {
  @Test("ours ← libtorrent", .needs(.libtorrent), arguments: pieceLengths)
  func downloadFromLibtorrent(pieceLength: Int) async throws {
    try await transfer(from: .libtorrent, to: .torrentctl, pieceLength)
  }

  @Test("ours ← aria2", .needs(.aria2), arguments: pieceLengths)
  func downloadFromAria2(pieceLength: Int) async throws {
    try await transfer(from: .aria2, to: .torrentctl, pieceLength)
  }

  @Test("libtorrent ← ours", .needs(.libtorrent), arguments: pieceLengths)
  func seedToLibtorrent(pieceLength: Int) async throws {
    try await transfer(from: .torrentctl, to: .libtorrent, pieceLength)
  }

  @Test("aria2 ← ours", .needs(.aria2), .needsPython, arguments: pieceLengths)
  func seedToAria2(pieceLength: Int) async throws {
    try await transfer(from: .torrentctl, to: .aria2, pieceLength)
  }

  @Test("ours ← ours", arguments: pieceLengths)
  func downloadFromOurs(pieceLength: Int) async throws {
    try await transfer(from: .torrentctl, to: .torrentctl, pieceLength)
  }
}

/// Transmission takes up to ten seconds before it unchokes anybody, so its cases wait side by side. As a leecher it
/// ignores a peer on 127.0.0.1 that a tracker names: there the two programs have a network namespace each, joined by a
/// cable.
@Suite("N12 interoperation with Transmission", .timeLimit(.minutes(5)))
struct TransmissionTests {
  @Test("ours ← Transmission", .needs(.transmission), arguments: pieceLengths)
  func downloadFromTransmission(pieceLength: Int) async throws {
    try await transfer(from: .transmission, to: .torrentctl, pieceLength)
  }

  @Test("Transmission ← ours", .needs(.transmission), .needsPython, .needsNamespaces, arguments: pieceLengths)
  func seedToTransmission(pieceLength: Int) async throws {
    try await transfer(from: .torrentctl, to: .transmission, pieceLength)
  }
}

/// Shares every torrent of the sample from one program to the other and compares the bytes.
private func transfer(from seeder: Peer, to leecher: Peer, _ pieceLength: Int) async throws {
  var (here, there) = (Host.loopback, Host.loopback)
  let spaces = leecher == .transmission ? try NetworkNamespace.joined() : nil
  if let spaces {
    here = Host(prefix: spaces.first.prefix, address: NetworkNamespace.firstAddress)
    there = Host(prefix: spaces.second.prefix, address: NetworkNamespace.secondAddress)
  }
  let tracker = leecher.needsTracker ? try await Tracker(on: here) : nil
  let content = try await SampleContent(pieceLength: pieceLength, announce: tracker?.url)
  let seeding = try await seeder.seed(content, on: here)
  if let tracker { try await tracker.announced(by: seeding.port, torrents: content.torrents.count) }

  let copy = try content.scratch.folder("copy")
  let leeching = try await leecher.download(content, into: copy, from: (here, seeding.port), on: there)
  // Transmission 3.00 does not make files of no bytes.
  let missing = leecher == .transmission ? ["many/empty.bin"] : []
  #expect(content.differences(in: copy) == missing)
  #expect(seeding.process.exitCode == nil, "the seeder has ended: \(seeding.process.report())")

  for child in leeching + [seeding.process] { child.end() }
  withExtendedLifetime((spaces, tracker)) {}
}
