/// What a comparison of content with a torrent found.
public struct VerifyReport: Hashable, Sendable {
  /// How many pieces there are of each kind.
  public struct Pieces: Hashable, Sendable {
    public let total: Int
    /// Match their digest.
    public let good: Int
    /// Were read and don't match.
    public let bad: Int
    /// Could not be read, wholly or in part: a file is missing, too short or unreadable.
    public let missing: Int
  }

  public enum FileStatus: String, Hashable, Sendable {
    case ok
    /// Nothing is there, or something that is not a file.
    case missing
    /// Fewer bytes are there than the torrent has.
    case short
    /// All bytes of the torrent are there and further ones behind them; whether the former match, `badRanges` says.
    case long
    /// The length fits and at least one piece with a part in the file doesn't match.
    case corrupt
    /// The system refused to read it, or failed.
    case unreadable
  }

  /// One file of the torrent. Pad files are not reported: they are never on disk.
  public struct File: Hashable, Sendable {
    public let path: TorrentPath
    public let status: FileStatus
    /// Bytes that the torrent has.
    public let length: Int
    /// Bytes that are on disk; `nil` when that isn't known.
    public let lengthOnDisk: Int?
    /// Bytes of this file that are wrong or missing, ascending and apart, as exactly as pieces tell: one wrong
    /// byte makes its whole piece suspect, in every file that has a part of it.
    public let badRanges: [Range<Int>]
    /// Bytes of this file that share a piece with another file that is missing, short or unreadable: nothing can
    /// be said of them.
    public let unverifiedRanges: [Range<Int>]
    /// Why it is missing or unreadable, fit for a terminal; `nil` for the others.
    public let reason: String?
  }

  public let pieces: Pieces
  /// Numbers of the pieces that don't match, ascending.
  public let badPieces: [PieceIndex]
  /// In the order of the torrent.
  public let files: [File]

  /// Every file is there with its very length and every piece matches.
  public var isOK: Bool { pieces.good == pieces.total && files.allSatisfy { $0.status == .ok } }

  /// Something could not be read, so that the answer is not "differs" but "unknown": an error of disk or
  /// permission, exit code 4.
  public var hasReadError: Bool { files.contains { $0.status == .unreadable } }
}
