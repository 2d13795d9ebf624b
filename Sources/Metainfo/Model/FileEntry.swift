/// One file of a torrent.
///
/// The path may still lie encoded in the torrent: asking for it can cost a few allocations, asking for anything
/// else costs nothing.
public struct FileEntry: Sendable {
  private let paths: FilePaths
  private let index: Int
  /// Bytes.
  public let length: Int
  /// Where its first byte is, in bytes from the start of the content.
  public let offset: Int
  /// A BEP 47 pad file: zeros that align the next file to a piece. It counts in the content and is never on disk.
  public let isPadding: Bool

  public init(path: TorrentPath, length: Int, offset: Int, isPadding: Bool = false) {
    self.init(.listed([path]), 0, length: length, offset: offset, isPadding: isPadding)
  }

  init(_ paths: FilePaths, _ index: Int, length: Int, offset: Int, isPadding: Bool) {
    self.paths = paths
    self.index = index
    self.length = length
    self.offset = offset
    self.isPadding = isPadding
  }

  /// The pad file between `offset` and the next piece, or `nil` when a piece starts at `offset` (BEP 47).
  public static func padding(at offset: Int, pieceLength: Int) -> FileEntry? {
    let excess = offset % pieceLength
    guard excess > 0 else { return nil }
    let length = pieceLength - excess
    let path = TorrentPath(unchecked: [".pad", "\(length)"])
    return FileEntry(path: path, length: length, offset: offset, isPadding: true)
  }

  /// Where the file lies below the torrent's own name; for a single-file torrent this is the name itself.
  public var path: TorrentPath { paths[index] }

  /// The bytes of the content that are this file.
  public var range: Range<Int> { offset..<offset + length }
}

extension FileEntry: Hashable {
  public static func == (a: FileEntry, b: FileEntry) -> Bool {
    a.length == b.length && a.offset == b.offset && a.isPadding == b.isPadding && a.path == b.path
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(path)
    hasher.combine(length)
    hasher.combine(offset)
  }
}
