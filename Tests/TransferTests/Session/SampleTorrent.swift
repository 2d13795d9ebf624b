import Foundation
import Metainfo
import Testing

@testable import Transfer

/// A torrent made up for a test, with its content in memory.
struct SampleTorrent: Sendable {
  let torrent: Torrent
  /// Paths below the folder that the torrent lies in, in the order of the torrent.
  let files: [(path: String, bytes: [UInt8])]
  /// All files in one run.
  let bytes: [UInt8]

  /// Files named in `sizes`, in a folder `name`; a single file of that name when there is one without a name.
  init(_ sizes: [(path: String, size: Int)], name: String, pieceLength: Int, seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let isSingleFile = sizes.count == 1 && sizes[0].path.isEmpty
    let root = try #require(TorrentPath([name]))
    var entries: [FileEntry] = []
    var files: [(path: String, bytes: [UInt8])] = []
    var bytes: [UInt8] = []
    for (path, size) in sizes {
      let content = Self.bytes(size, &random)
      let torrentPath =
        isSingleFile ? root : try #require(TorrentPath(path.split(separator: "/").map(String.init)))
      entries.append(FileEntry(path: torrentPath, length: size, offset: bytes.count))
      files.append((isSingleFile ? name : "\(name)/\(path)", content))
      bytes += content
    }
    let geometry = try #require(PieceGeometry(totalLength: bytes.count, pieceLength: pieceLength))
    let hashes = geometry.pieces.flatMap { piece in
      let start = geometry.offset(of: piece)
      return Self.sha1(bytes[start..<start + geometry.length(of: piece)])
    }
    let identity = try #require(InfoHash(Self.sha1((Array(name.utf8) + hashes)[...])))
    self.files = files
    self.bytes = bytes
    torrent = Torrent(
      infoHashes: InfoHashes(identity),
      info: Info(
        name: root, layout: FileLayout(files: entries), geometry: geometry, pieceHashes: hashes,
        isSingleFile: isSingleFile))
  }

  /// One file.
  init(size: Int, name: String = "sample", pieceLength: Int = 1 << 14, seed: UInt64 = 1) throws {
    try self.init([(path: "", size: size)], name: name, pieceLength: pieceLength, seed: seed)
  }

  var geometry: PieceGeometry { torrent.info.geometry }

  /// What is asked for, or `nil` when it is not in the torrent.
  func content(of raw: RawBlock) -> [UInt8]? {
    guard let span = geometry.span(piece: raw.piece, offset: raw.offset, length: raw.length) else {
      return nil
    }
    let start = geometry.offset(of: span.piece) + span.offset
    return Array(bytes[start..<start + span.length])
  }

  private static func bytes(_ count: Int, _ random: inout SplitMix64) -> [UInt8] {
    var words = (0..<(count + 7) / 8).map { _ in random.next() }
    return words.withUnsafeMutableBytes { Array($0.prefix(count)) }
  }

  private static func sha1(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    let digest = bytes.withUnsafeBytes { SHA1.digest(of: $0) }
    return digest.indices.map { digest[$0] }
  }
}

/// A folder for a test's files that goes away with its owner.
final class SessionFolder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "session-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// A folder inside.
  func folder(_ name: String) throws -> String {
    let inner = path + "/" + name
    try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: true)
    return inner
  }

  /// Puts the content into a folder inside, and gives its path.
  func write(_ sample: SampleTorrent, to name: String) throws -> String {
    let root = try folder(name)
    for (path, bytes) in sample.files {
      let url = URL(fileURLWithPath: root + "/" + path)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: url)
    }
    return root
  }

  /// Whether exactly the content's bytes lie there.
  func holds(_ sample: SampleTorrent, in name: String) -> Bool {
    sample.files.allSatisfy { file in
      FileManager.default.contents(atPath: "\(path)/\(name)/\(file.path)").map { Array($0) } == file.bytes
    }
  }
}

extension SessionFolder {
  func overwrite(_ name: String, at offset: UInt64, with bytes: [UInt8]) throws {
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: "\(path)/\(name)"))
    try handle.seek(toOffset: offset)
    try handle.write(contentsOf: Data(bytes))
    try handle.close()
  }
}
