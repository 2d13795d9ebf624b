/// A file that is not the same in two torrents, or can't be proven to be.
public struct FileDifference: Hashable, Sendable {
  /// What became of the file.
  public enum Change: String, Hashable, Sendable, CaseIterable {
    case added, removed
    /// The same content under another path.
    case renamed
    /// Another length, or a digest proves that the content differs.
    case changed
    /// The same path and length, and digests that don't tell. Not for files of torrents that can't be compared at all.
    case unknown
  }

  public let change: Change
  /// `nil` for a file that was added.
  public let before: TorrentPath?
  /// `nil` for a file that was removed.
  public let after: TorrentPath?
  /// Bytes; `nil` as the paths.
  public let lengthBefore: Int?
  public let lengthAfter: Int?
  /// Bytes at the same place in both that digests prove to be equal.
  public let identicalBytes: Int
}
