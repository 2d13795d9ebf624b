/// One file of a torrent.
public struct FileEntry: Hashable, Sendable {
  /// Where the file lies below the torrent's own name; for a single-file torrent this is the name itself.
  public let path: TorrentPath
  /// Bytes.
  public let length: Int
  /// Where its first byte is, in bytes from the start of the content.
  public let offset: Int
  /// A BEP 47 pad file: zeros that align the next file to a piece. It counts in the content and is never on disk.
  public let isPadding: Bool

  public init(path: TorrentPath, length: Int, offset: Int, isPadding: Bool = false) {
    self.path = path
    self.length = length
    self.offset = offset
    self.isPadding = isPadding
  }

  /// The bytes of the content that are this file.
  public var range: Range<Int> { offset..<offset + length }
}
