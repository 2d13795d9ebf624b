import Metainfo

@testable import Transfer

/// A torrent with its bytes, made up for a test.
struct SampleContent: Sendable {
  let info: Info
  /// Every file that is on disk, by its path below the root.
  let files: [String: [UInt8]]
  let bytes: [UInt8]

  struct File {
    var path: [String]
    var bytes: [UInt8]
    var isPadding = false

    /// `length` bytes that no other file has.
    init(_ path: String, _ length: Int, isPadding: Bool = false) {
      self.path = path.split(separator: "/").map(String.init)
      let seed = path.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
      var state = seed | 1
      bytes = (0..<length).map { _ in
        state ^= state << 13
        state ^= state >> 17
        state ^= state << 5
        return isPadding ? 0 : UInt8(truncatingIfNeeded: state >> 8)
      }
      self.isPadding = isPadding
    }
  }

  /// A folder "t" of files.
  init(_ files: [File], pieceLength: Int) throws {
    var offset = 0
    var entries: [FileEntry] = []
    for file in files {
      guard let path = TorrentPath(file.path) else { throw Invalid() }
      entries.append(
        FileEntry(path: path, length: file.bytes.count, offset: offset, isPadding: file.isPadding))
      offset += file.bytes.count
    }
    bytes = files.flatMap(\.bytes)
    guard let geometry = PieceGeometry(totalLength: offset, pieceLength: pieceLength),
      let name = TorrentPath(["t"])
    else { throw Invalid() }
    var hashes: [UInt8] = []
    for piece in geometry.pieces {
      let start = geometry.offset(of: piece)
      let digest = SHA1.digest(of: bytes[start..<start + geometry.length(of: piece)])
      hashes += digest.indices.map { digest[$0] }
    }
    info = Info(
      name: name, layout: FileLayout(files: entries), geometry: geometry, pieceHashes: hashes,
      isSingleFile: false)
    self.files = Dictionary(
      uniqueKeysWithValues: files.filter { !$0.isPadding }.map { (["t"] + $0.path).joined(separator: "/") }
        .enumerated()
        .map { ($1, files.filter { !$0.isPadding }[$0].bytes) })
  }

  struct Invalid: Error {}

  /// Files that share pieces, one of exactly a piece, an empty one, and folders.
  static func mixed() throws -> SampleContent {
    try SampleContent(
      [
        File("a", 1_000), File("sub/deep/b", 5_000), File("empty", 0), File("sub/c", 10), File("d", 2_048),
        File("sub/e", 1_500),
      ], pieceLength: 1_024)
  }

  func bytes(of piece: PieceIndex) -> ArraySlice<UInt8> {
    let start = info.geometry.offset(of: piece)
    return bytes[start..<start + info.geometry.length(of: piece)]
  }
}

extension Payload {
  /// The pieces that are good on disk, by number.
  func examined() throws(StorageError) -> [Int] {
    // One thread, so that the calls come in one order.
    let good = try examine(threads: 1)
    return info.geometry.pieces.filter(good.contains).map(\.value)
  }

  /// Stores every piece that is not there.
  func complete(with sample: SampleContent) throws(StorageError) -> [Int] {
    var finished: [Int] = []
    for piece in info.geometry.pieces where !isVerified(piece) {
      finished += try store(piece, sample).finished
    }
    return finished
  }

  func store(_ piece: PieceIndex, _ sample: SampleContent) throws(StorageError) -> Stored {
    let bytes = Array(sample.bytes(of: piece))
    return try bytes.withUnsafeBytes { bytes in
      Result { () throws(StorageError) in try store(piece, bytes) }
    }.get()
  }

  func bytes(of piece: PieceIndex) throws(StorageError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0xee, count: info.geometry.length(of: piece))
    try bytes.withUnsafeMutableBytes { buffer in
      Result { () throws(StorageError) in
        try read(BlockSpan(piece: piece, offset: 0, length: buffer.count), into: buffer)
      }
    }.get()
    return bytes
  }

  /// With a pool of its own.
  convenience init(
    _ info: Info, in directory: String, for purpose: Purpose, wanted: [Bool]? = nil,
    fileSystem: any FileSystem = DiskFileSystem(), descriptorLimit: Int = 64
  ) throws(StorageError) {
    try self.init(
      info, in: directory, for: purpose, wanted: wanted,
      pool: DescriptorPool(fileSystem, limit: descriptorLimit))
  }
}
