import Platform
import TestKit
import Testing

@testable import Metainfo

/// Content on disk and what a torrent of each format says of it, hashed without the engine.
struct VerifyCase {
  static let piece = 16_384

  let folder: ContentFolder
  let info: Info

  /// - Parameters:
  ///   - files: Paths below `data` and lengths; one whose path is `data` itself is a single file.
  ///   - isPadded: Pad files put every file at the start of a piece, as they always do in version 2 and hybrids.
  init(
    _ format: TorrentFormat, _ files: [(path: String, length: Int)], pieceLength: Int = Self.piece,
    isPadded: Bool = false
  ) throws {
    folder = try ContentFolder()
    let isSingleFile = files.map(\.path) == ["data"]
    var entries: [FileEntry] = []
    var contents: [[UInt8]] = []
    var offset = 0
    func add(_ components: [String], _ bytes: [UInt8], isPadding: Bool = false) throws {
      let path = try #require(TorrentPath(components))
      entries.append(FileEntry(path: path, length: bytes.count, offset: offset, isPadding: isPadding))
      contents.append(bytes)
      offset += bytes.count
    }
    for (index, file) in files.enumerated() {
      let gap = (pieceLength - offset % pieceLength) % pieceLength
      if isPadded || format.hasMerkleHashes, file.length > 0, gap > 0 {
        try add([".pad", "\(gap)"], [UInt8](repeating: 0, count: gap), isPadding: true)
      }
      let bytes = pattern(file.length, seed: UInt64(index) &+ 77)
      try folder.write(isSingleFile ? "data" : "data/" + file.path, bytes)
      try add(file.path.split(separator: "/").map(String.init), bytes)
    }
    let layout = FileLayout(files: entries)
    let geometry = try #require(PieceGeometry(totalLength: offset, pieceLength: pieceLength))
    let digests = PlainDigests(contents, layout: layout, geometry: geometry, kinds: [.sha1, .merkle])
    info = Info(
      name: try #require(TorrentPath(["data"])), layout: layout, geometry: geometry,
      pieceHashes: format.hasPieceHashes ? digests.sha1.flatMap { $0 } : nil,
      merkle: format.hasMerkleHashes
        ? MerkleHashes(layer: digests.roots.flatMap { $0 }, roots: []) : nil,
      isSingleFile: isSingleFile)
  }

  var location: ContentLocation { .find(info, content: folder["data"], torrentFile: nil) }

  func verify(searching folders: [String] = [], threads: Int? = nil) -> VerifyReport {
    ContentVerifier(info, at: location, searching: folders.map { folder[$0] }, threads: threads).verify()
  }

  func verify(on disk: some ContentDisk) -> VerifyReport {
    ContentVerifier(info, at: location).verify(disk: disk) { _ in }
  }

  /// Changes one byte of a file.
  func flip(_ path: String, at offset: Int) throws {
    var bytes = try folder.read("data/" + path)
    bytes[offset] ^= 1
    try folder.write("data/" + path, bytes)
  }
}

extension VerifyReport {
  var statuses: [FileStatus] { files.map(\.status) }
}
