import Foundation
import Glibc
import Platform
import TestKit
import Testing

@testable import Metainfo

/// Three files of two and a half pieces, and an empty one, in all formats.
@Suite("Verifying content in every format")
struct VerifyFormatTests {
  static let piece = VerifyCase.piece
  static let length = 5 * piece / 2
  static let files = [("a", length), ("b", length), ("c", length), ("empty", 0)]

  /// Pieces 0 1 | 2 shared by a and b | 3 4 | 5 6 | 7 in version 1; 0 1 2 | 3 4 5 | 6 7 8 where files start at pieces.
  private func content(_ format: TorrentFormat) throws -> VerifyCase { try VerifyCase(format, Self.files) }

  @Test("M18 whole content, and a file that the torrent doesn't know", arguments: TorrentFormat.allCases)
  func whole(format: TorrentFormat) throws {
    let content = try content(format)
    try content.folder.write("data/extra", [1])
    let report = content.verify()
    #expect(report.isOK && !report.hasReadError && report.files.allSatisfy(\.isProven))
    #expect(report.files.map(\.path.name) == ["a", "b", "c", "empty"])
    #expect(report.pieces.total == (format == .v1 ? 8 : 9))
  }

  @Test("M18 a flipped byte names its file and its piece", arguments: TorrentFormat.allCases)
  func flipped(format: TorrentFormat) throws {
    let content = try content(format)
    try content.flip("c", at: Self.length - 1)
    let report = content.verify()
    #expect(report.statuses == [.ok, .ok, .corrupt, .ok] && !report.hasReadError)
    #expect(report.badPieces.map(\.value) == [format == .v1 ? 7 : 8])
    #expect(report.files[2].badRanges == [2 * Self.piece..<Self.length])
    #expect(report.files[2].suspectRanges.isEmpty)
  }

  @Test("M18 hash trees tell which file a bad byte is in", arguments: TorrentFormat.allCases)
  func border(format: TorrentFormat) throws {
    let content = try content(format)
    try content.flip("a", at: Self.length - 1)
    let report = content.verify()
    #expect(report.files[0].badRanges == [2 * Self.piece..<Self.length])
    #expect(report.files[1].badRanges == (format == .v1 ? [0..<Self.piece / 2] : []))
    #expect(report.files.map(\.isSuspect) == [format == .v1, format == .v1, false, false])
    #expect(report.files.map(\.isProven) == [false, format != .v1, true, true])
  }

  /// The content's torrent as it would be made from a magnet link.
  private func withoutLayers(_ info: Info) throws -> Info {
    var (layer, roots, gaps) = ([UInt8](), [UInt8](), [Range<Int>]())
    for file in info.files {
      let pieces = info.geometry.pieces(touching: file.range)
      let known = info.merkle.map { Array($0.layer(of: pieces)) } ?? []
      let isLong = file.length > info.geometry.pieceLength
      if !file.isPadding {
        if isLong { gaps.append(pieces) } else { layer += known }
        let root = MerkleTree.root(ofPieceLayer: known[...], pieceLength: info.geometry.pieceLength)
        roots +=
          file.length == 0 ? [UInt8](repeating: 0, count: 32) : isLong ? root.indices.map { root[$0] } : known
      } else {
        roots += [UInt8](repeating: 0, count: 32)
      }
    }
    return Info(
      name: info.name, layout: info.layout, geometry: info.geometry,
      pieceHashes: info.format.hasPieceHashes ? info.pieceHashes : nil,
      merkle: MerkleHashes(layer: layer, roots: roots, gaps: gaps), isSingleFile: false)
  }

  @Test("Without piece layers whole files are proven by their roots", arguments: [TorrentFormat.v2, .hybrid])
  func noLayers(format: TorrentFormat) throws {
    let content = try VerifyCase(format, Self.files + [("small", 100)])
    let info = try withoutLayers(content.info)
    func verify(searching folders: [String] = []) -> VerifyReport {
      ContentVerifier(info, at: content.location, searching: folders, threads: 2).verify()
    }
    #expect(verify().isOK && verify().files.allSatisfy(\.isProven))
    // A found file is proven by its root as well.
    try FileManager.default.createDirectory(
      atPath: content.folder["other"], withIntermediateDirectories: true)
    try FileManager.default.moveItem(atPath: content.folder["data/b"], toPath: content.folder["other/x"])
    #expect(verify().statuses == [.ok, .missing, .ok, .ok, .ok])
    #expect(verify(searching: [content.folder["other"]]).isOK)
    try FileManager.default.moveItem(atPath: content.folder["other/x"], toPath: content.folder["data/b"])
    // Which of the three pieces is wrong only the digests of version 1 can tell.
    try content.flip("c", at: Self.length - 1)
    try content.flip("small", at: 7)
    let report = verify()
    #expect(report.statuses == [.ok, .ok, .corrupt, .ok, .corrupt])
    #expect(report.files[2].badRanges == [(format == .v2 ? 0 : 2 * Self.piece)..<Self.length])
    #expect(report.files.map(\.isProven) == [true, true, false, true, false])
  }

  @Test("M18 a missing file shifts nothing", arguments: TorrentFormat.allCases)
  func missing(format: TorrentFormat) throws {
    let content = try content(format)
    unlink(content.folder["data/b"])
    let report = content.verify()
    #expect(report.statuses == [.ok, .missing, .ok, .ok] && !report.hasReadError)
    #expect(report.pieces.bad == 0 && report.pieces.missing == 3)
    #expect(report.files[1].badRanges == [0..<Self.length])
    #expect(report.files[0].unverifiedRanges == (format == .v1 ? [2 * Self.piece..<Self.length] : []))
    #expect(report.files[2].isProven)
  }

  @Test("M18 a short file and a longer one", arguments: TorrentFormat.allCases)
  func lengths(format: TorrentFormat) throws {
    let content = try content(format)
    truncate(content.folder["data/a"], off_t(Self.piece + 5))
    truncate(content.folder["data/c"], off_t(Self.length + 1))
    let report = content.verify()
    #expect(report.statuses == [.short, .ok, .long, .ok])
    #expect(report.files[0].badRanges == [Self.piece + 5..<Self.length])
    #expect(report.files[0].unverifiedRanges == [Self.piece..<Self.piece + 5])
    #expect(report.files[1].isProven == (format != .v1))
    #expect(report.files[2].badRanges.isEmpty && report.files[2].lengthOnDisk == Self.length + 1)
    #expect(report.pieces.missing == 2 && report.pieces.bad == 0)
  }

  @Test("M18 a folder in a file's place", arguments: TorrentFormat.allCases)
  func folderInPlace(format: TorrentFormat) throws {
    let content = try content(format)
    unlink(content.folder["data/a"])
    try content.folder.makeFolder("data/a/b")
    let report = content.verify()
    #expect(report.statuses == [.missing, .ok, .ok, .ok])
    #expect(report.files[0].reason == "a folder is in its place")
  }

  @Test("M18 a disk that fails at an offset, or refuses to open", arguments: TorrentFormat.allCases)
  func failures(format: TorrentFormat) throws {
    let content = try content(format)
    let path = content.folder["data/b"]
    let failing = content.verify(on: FailingDisk(path: path, offset: 2 * Self.piece, code: EIO))
    #expect(failing.statuses == [.ok, .unreadable, .ok, .ok] && failing.hasReadError)
    #expect(failing.pieces.missing == 1 && failing.pieces.bad == 0)
    let start = format == .v1 ? 3 * Self.piece / 2 : 2 * Self.piece
    #expect(failing.files[1].badRanges == [start..<Self.length])
    #expect(failing.files[1].reason == "Input/output error")

    let refused = content.verify(on: FailingDisk(path: path, offset: 0, code: EACCES, refusesToOpen: true))
    #expect(refused.statuses == [.ok, .unreadable, .ok, .ok] && refused.badPieces.isEmpty)
    #expect(refused.files[1].badRanges == [0..<Self.length])
    #expect(refused.files[0].isProven == (format != .v1) && refused.files[2].isProven)
  }

  @Test("M18 verifying and searching leave everything as it is", arguments: TorrentFormat.allCases)
  func untouched(format: TorrentFormat) throws {
    let content = try content(format)
    try content.flip("a", at: 7)
    unlink(content.folder["data/b"])
    try content.folder.write("more/x", pattern(Self.length, seed: 1))
    func state() throws -> [FileStatus] {
      try content.folder.listing.map { try FileStatus(of: content.folder[$0], followingLinks: false) }
    }
    let before = try (state(), content.folder.read("data/a"), content.folder.listing)
    _ = content.verify(searching: ["more", "data"])
    let after = try (state(), content.folder.read("data/a"), content.folder.listing)
    #expect(before == after)
  }

  @Test("ranges are as exact as the torrent's digests: a piece", arguments: TorrentFormat.allCases)
  func precision(format: TorrentFormat) throws {
    for pieceLength in [16_384, 65_536] {
      let content = try VerifyCase(format, [("a", 400_000), ("b", 5)], pieceLength: pieceLength)
      try content.flip("a", at: 300_000)
      let piece = 300_000 / pieceLength
      #expect(content.verify().files[0].badRanges == [piece * pieceLength..<(piece + 1) * pieceLength])
    }
  }

  @Test("M17 whole content is right with any number of threads", arguments: TorrentFormat.allCases)
  func threads(format: TorrentFormat) throws {
    let piece = Self.piece
    for length in [0, 1, piece - 1, piece, piece + 1, 5 * piece + 77] {
      for files in [
        [("data", length)], [("a", length)], [("a", 3), ("b/c", length), ("d", 0), ("e", 2 * piece)],
      ] {
        let content = try VerifyCase(format, files)
        for threads in 1...8 {
          #expect(content.verify(threads: threads).isOK, "\(files) \(threads)")
        }
      }
    }
  }

  @Test("M17 many small files", arguments: TorrentFormat.allCases)
  func small(format: TorrentFormat) throws {
    let content = try VerifyCase(format, (0..<300).map { ("\($0 % 7)/\($0)", ($0 * 37) % 211) })
    #expect(content.verify(threads: 3).isOK)
    try content.flip("3/10", at: 0)
    let report = content.verify()
    #expect(
      report.files.count { $0.status != .ok } == (format == .v1 ? report.files.count { $0.isSuspect } : 1))
  }

  @Test("a pad file is above suspicion")
  func padded() throws {
    let content = try VerifyCase(.v1, Self.files, isPadded: true)
    try content.flip("a", at: Self.length - 1)
    let report = content.verify()
    #expect(report.statuses == [.corrupt, .ok, .ok, .ok])
    #expect(report.files[0].suspectRanges.isEmpty && report.files[1].isProven)
  }

  @Test("a hybrid whose halves contradict each other is broken; one that differs in both is another content")
  func contradiction() throws {
    let content = try content(.hybrid)
    let info = content.info
    func broken(v1: Int?, v2: Int?) -> VerifyReport {
      var hashes = info.pieceHashes
      var layer = info.merkle?.layer ?? []
      if let v1 { hashes[20 * v1] ^= 1 }
      if let v2 { layer[32 * v2 + 31] ^= 1 }
      let changed = Info(
        name: info.name, layout: info.layout, geometry: info.geometry, pieceHashes: hashes,
        merkle: MerkleHashes(layer: layer, roots: []), isSingleFile: false)
      return ContentVerifier(changed, at: content.location).verify()
    }
    #expect(broken(v1: 4, v2: 7).contradictions.map(\.value) == [4, 7])
    #expect(broken(v1: 4, v2: nil).statuses == [.ok, .corrupt, .ok, .ok])
    #expect(!broken(v1: nil, v2: 0).isOK)
    let differing = broken(v1: 4, v2: 4)
    #expect(differing.contradictions.isEmpty && differing.badPieces.map(\.value) == [4])
  }
}
