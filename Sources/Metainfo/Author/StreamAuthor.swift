import Bencode
import Platform

/// Makes a torrent (BEP 3, BEP 52) of one file that comes as a stream, such as the output of a program: in one pass,
/// without knowing how long it will be.
///
///     let author = try StreamAuthor(name: "backup.tar", options: options)
///     let made = try author.create { bytes in … }
///
/// The torrent is the one that `TorrentAuthor` makes of a file with the same bytes and piece length.
public struct StreamAuthor: Sendable {
  public let name: TorrentPath
  /// Bytes.
  public let pieceLength: Int
  /// A stream of more pieces is refused as soon as it is seen to be.
  public let maximumPieceCount: Int

  private let options: AuthorOptions

  /// Throws `option` for a name or piece length that can't be used.
  ///
  /// - Parameter maximumPieceCount: `nil` is what a .torrent can hold, which may be several gigabytes of memory.
  public init(name: String, options: AuthorOptions, maximumPieceCount: Int? = nil) throws(AuthorError) {
    try TorrentAuthor.check(options)
    self.name = try TorrentAuthor.name(of: name, given: name)
    self.options = options
    pieceLength = options.pieceLength ?? PieceLengthRule.streamedPieceLength
    // A shell of a .torrent around the digests is a thousand bytes, not a million.
    let limit = (BencodeLimits.maximumSize - 1_000_000) / options.format.bytesOfPiece
    self.maximumPieceCount = min(maximumPieceCount ?? limit, limit)
  }

  /// Reads the standard input to its end and makes the torrent. O(bytes), in 64 MiB of memory and the digests.
  ///
  /// - Parameter progress: Called now and then on the hashing threads with the bytes that are done, by one at a time.
  /// - Throws: `content` when it can't be read, or is empty, or has more than `maximumPieceCount` pieces.
  public func create(
    progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) throws(AuthorError) -> AuthoredTorrent {
    try create(DescriptorStream(descriptor: StandardDescriptors.input), progress: progress)
  }

  func create(
    _ stream: some ContentStream, progress: @escaping @Sendable (Int) -> Void
  ) throws(AuthorError) -> AuthoredTorrent {
    let digester = StreamDigester(
      stream: stream, format: options.format, pieceLength: pieceLength, maximumPieceCount: maximumPieceCount,
      threads: options.threads)
    let (table, length): (PieceTable, Int)
    do {
      (table, length) = try digester.run(progress: progress)
    } catch {
      switch error {
      case .read(let reason): throw Self.failure(reason.description)
      case .tooLong:
        throw Self.failure(
          "more than \(maximumPieceCount) pieces of \(pieceLength) bytes; with longer pieces there are fewer")
      }
    }
    guard length > 0 else { throw Self.failure("holds no byte; other clients refuse a torrent of nothing") }
    guard let geometry = PieceGeometry(totalLength: length, pieceLength: pieceLength) else {
      throw Self.failure("\(length) bytes are more than a torrent can hold")
    }
    let layout = FileLayout(files: [FileEntry(path: name, length: length, offset: 0)])
    return TorrentBuilder(
      name: name, layout: layout, geometry: geometry, isSingleFile: true, options: options
    ).build(table)
  }

  private static func failure(_ reason: String) -> AuthorError {
    AuthorError(.content, "standard input", reason)
  }
}

extension TorrentFormat {
  /// Bytes of a .torrent for each of its pieces: 20, 32 or 52.
  public var bytesOfPiece: Int {
    (hasPieceHashes ? InfoHash.length : 0) + (hasMerkleHashes ? MerkleHashes.length : 0)
  }
}
