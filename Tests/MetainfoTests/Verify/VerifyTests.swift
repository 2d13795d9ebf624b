import Foundation
import Glibc
import Platform
import TestKit
import Testing

@testable import Metainfo

/// Three files of 2.5 pieces each: pieces 0 1 | 2 shared by a and b | 3 4 | 5 6 | 7 (the last, half).
@Suite("Verifying content")
struct VerifyTests {
  static let piece = ContentCase.pieceLength
  static let length = 5 * piece / 2

  let folder: ContentFolder
  let torrent: Torrent

  init() throws {
    folder = try ContentFolder()
    for name in ["a", "b", "c"] { try folder.write("data/" + name, pattern(Self.length, seed: 5)) }
    try folder.write("data/empty", [])
    var options = AuthorOptions()
    options.pieceLength = Self.piece
    torrent = try TorrentAuthor(content: folder["data"], options: options).create().torrent
  }

  private var location: ContentLocation {
    ContentLocation.find(torrent.info, content: folder["data"], torrentFile: nil)
  }

  private func verify() -> VerifyReport { ContentVerifier(torrent.info, at: location).verify() }

  private func statuses(_ report: VerifyReport) -> [VerifyReport.FileStatus] { report.files.map(\.status) }

  @Test("M18 whole content, and a file that the torrent doesn't know")
  func whole() throws {
    try folder.write("data/extra", [1])
    let report = verify()
    #expect(report.isOK && !report.hasReadError)
    #expect(report.files.map(\.path.name) == ["a", "b", "c", "empty"])
  }

  @Test("M18 a flipped byte names its piece and its range")
  func flipped() throws {
    var bytes = try folder.read("data/c")
    bytes[Self.length - 1] ^= 1
    try folder.write("data/c", bytes)
    let report = verify()
    #expect(!report.isOK && !report.hasReadError)
    #expect(report.badPieces.map(\.value) == [7])
    #expect(report.pieces == .init(total: 8, good: 7, bad: 1, missing: 0))
    #expect(statuses(report) == [.ok, .ok, .corrupt, .ok])
    #expect(report.files[2].badRanges == [2 * Self.piece..<Self.length])
  }

  @Test("M18 a flipped byte in a piece of two files makes both suspect")
  func shared() throws {
    var bytes = try folder.read("data/b")
    bytes[0] ^= 1
    bytes[Self.piece] ^= 1
    try folder.write("data/b", bytes)
    let report = verify()
    #expect(report.badPieces.map(\.value) == [2, 3])
    #expect(statuses(report) == [.corrupt, .corrupt, .ok, .ok])
    #expect(report.files[0].badRanges == [2 * Self.piece..<Self.length])
    #expect(report.files[1].badRanges == [0..<Self.piece * 3 / 2])
    // Nothing but the shared piece speaks against the first; the second has a bad one of its own.
    #expect(report.files[0].isSuspect && !report.files[1].isSuspect)
    #expect(report.files[1].suspectRanges == [0..<Self.piece / 2])
    #expect(report.files.map(\.isProven) == [false, false, true, true])
  }

  @Test("M18 a missing file shifts nothing; what shares a piece with it is unknown, not corrupt")
  func missing() throws {
    unlink(folder["data/b"])
    unlink(folder["data/empty"])
    let report = verify()
    #expect(!report.isOK && !report.hasReadError)
    #expect(report.pieces == .init(total: 8, good: 5, bad: 0, missing: 3))
    #expect(statuses(report) == [.ok, .missing, .ok, .missing])
    #expect(report.files[1].badRanges == [0..<Self.length])
    #expect(report.files[1].lengthOnDisk == nil)
    #expect(report.files[0].unverifiedRanges == [2 * Self.piece..<Self.length])
    #expect(report.files[0].badRanges.isEmpty && report.files[3].badRanges.isEmpty)
    #expect(report.files.map(\.isProven) == [false, false, true, false])
  }

  @Test("M18 a short file and a long one")
  func lengths() throws {
    truncate(folder["data/a"], off_t(Self.piece + 5))
    truncate(folder["data/c"], off_t(Self.length + 1))
    let report = verify()
    #expect(statuses(report) == [.short, .ok, .long, .ok])
    #expect(report.pieces == .init(total: 8, good: 6, bad: 0, missing: 2))
    #expect(report.files[0].badRanges == [Self.piece + 5..<Self.length])
    #expect(report.files[0].unverifiedRanges == [Self.piece..<Self.piece + 5])
    #expect(report.files[0].lengthOnDisk == Self.piece + 5)
    #expect(report.files[1].unverifiedRanges == [0..<Self.piece / 2])
    #expect(report.files[2].badRanges.isEmpty && report.files[2].lengthOnDisk == Self.length + 1)
    #expect(!report.isOK && !report.hasReadError)
  }

  @Test("M18 something else in a file's place")
  func otherKinds() throws {
    for name in ["a", "b", "c"] { unlink(folder["data/" + name]) }
    try folder.makeFolder("data/a")
    mkfifo(folder["data/b"], 0o600)
    try folder.link("data/c", to: "nowhere")
    let report = verify()
    #expect(statuses(report) == [.missing, .missing, .missing, .ok])
    #expect(report.files[0].reason == "a folder is in its place")
    #expect(report.files[1].reason == "a named pipe is in its place")
    #expect(report.pieces == .init(total: 8, good: 0, bad: 0, missing: 8))
  }

  @Test("M18 an unreadable file is an error of permission, not a mismatch")
  func unreadable() async throws {
    chmod(folder["data/b"], 0)
    let verifier = ContentVerifier(torrent.info, at: location)
    let report = await withoutPrivileges { verifier.verify() }
    #expect(statuses(report) == [.ok, .unreadable, .ok, .ok])
    #expect(report.files[1].reason == "Permission denied")
    #expect(report.hasReadError && report.badPieces.isEmpty)
    #expect(report.pieces == .init(total: 8, good: 5, bad: 0, missing: 3))
  }

  @Test("M18 a disk that fails at an offset is an error of the disk, and the rest is still checked")
  func failingDisk() {
    let disk = FailingDisk(path: folder["data/b"], offset: 2 * Self.piece, code: EIO)
    let report = ContentVerifier(torrent.info, at: location).verify(disk: disk) { _ in }
    #expect(statuses(report) == [.ok, .unreadable, .ok, .ok])
    #expect(report.files[1].reason == "Input/output error")
    #expect(report.hasReadError && report.badPieces.isEmpty)
    // Piece 4 holds the offset; piece 3 and all the others are read.
    #expect(report.pieces == .init(total: 8, good: 7, bad: 0, missing: 1))
    #expect(report.files[1].badRanges == [3 * Self.piece / 2..<Self.length])
  }

  @Test("M18 verifying leaves the content as it is")
  func untouched() throws {
    let before = try folder.listing.map { try FileStatus(of: folder[$0], followingLinks: false) }
    truncate(folder["data/a"], 5)
    let damaged = try FileStatus(of: folder["data/a"], followingLinks: false)
    _ = verify()
    let after = try folder.listing.map { try FileStatus(of: folder[$0], followingLinks: false) }
    #expect(after.filter { !$0.isSameFile(as: damaged) } == before.filter { !$0.isSameFile(as: damaged) })
    #expect(after.contains(damaged))
  }

  @Test("progress ends at the whole, whatever is missing")
  func progress() {
    unlink(folder["data/b"])
    let seen = Counter()
    _ = ContentVerifier(torrent.info, at: location, threads: 3).verify { seen.append($0.done) }
    #expect(seen.values == seen.values.sorted())
    #expect(seen.values.last == torrent.info.geometry.totalLength)
  }
}
