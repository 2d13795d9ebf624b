import Bencode
import Platform

/// A .torrent file on disk that has been edited, in memory so far.
public struct EditedFile: Sendable {
  /// As the user wrote it; `-` is standard input.
  public let path: String
  public let edited: EditedTorrent
  /// What was there when it was read.
  private let status: FileStatus?

  /// Reads a file as `TorrentFile.read` does, and applies the changes. Nothing is written. O(bytes).
  public init(
    path: String, changes: [TorrentChange], limits: BencodeLimits = BencodeLimits()
  ) throws(MetainfoError) {
    self.path = path
    status = path == "-" ? nil : try? FileStatus(of: path, followingLinks: true)
    let bytes = try TorrentFile.contents(path: path, limit: limits.size)
    do throws(MetainfoError) {
      guard !bytes.isEmpty else { throw MetainfoError(.malformed, "not a torrent: empty file") }
      edited = try TorrentEditor(bytes, limits: limits).applying(changes)
    } catch {
      throw error.named(path)
    }
  }

  /// Puts the outcome in the place of the file, whole or not at all; permissions, owner and a symbolic link stay.
  /// Does nothing when nothing has changed. Throws `changed` when the file is no longer the one that was read.
  public func replace() throws(AuthorError) {
    guard edited.isChanged else { return }
    try AtomicFile(path, overwrites: true).write(edited.bytes, ifStill: status)
  }
}
