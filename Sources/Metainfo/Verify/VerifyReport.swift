import Platform

/// What a comparison of content with a torrent found.
public struct VerifyReport: Hashable, Sendable {
  /// How many pieces there are of each kind.
  public struct Pieces: Hashable, Sendable {
    public let total: Int
    /// Match their digests.
    public let good: Int
    /// Were read and don't match.
    public let bad: Int
    /// Could not be read, wholly or in part: a file is missing, too short or unreadable.
    public let missing: Int
  }

  /// What is known of a piece.
  public enum PieceState: UInt8, Hashable, Sendable {
    /// Matches every digest that the torrent has of it.
    case good
    /// Was read and doesn't match.
    case bad
    /// Matches one of a hybrid's two digests and not the other: no content can match both.
    case contradictory
    /// Could not be read, wholly or in part.
    case missing
  }

  /// What is known of a file.
  public enum FileStatus: String, Hashable, Sendable, CaseIterable {
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
    /// Bytes of this file that are wrong, missing or unreadable, ascending and apart. What is missing at the end
    /// is exact. What is wrong is as exact as the torrent's digests: a piece at a time.
    public let badRanges: [Range<Int>]
    /// Those of `badRanges` in pieces that hold bytes of other files too, so that the wrong byte may just as well
    /// be in one of them. Never in v2 and hybrid torrents, where files don't share pieces.
    public let suspectRanges: [Range<Int>]
    /// Bytes of this file of which nothing can be said: the rest of their piece is missing or can't be read.
    public let unverifiedRanges: [Range<Int>]
    /// Why it is missing or unreadable, fit for a terminal; `nil` for the others.
    public let reason: String?
    /// The names by which the file was found, when they are written in another Unicode normalisation form than
    /// in `path`.
    public let foundAs: [String]?
    /// Where else the file was found: its path on this machine.
    public let foundAt: String?

    /// Each of its bytes is in a piece that matches, and there are no others.
    public var isProven: Bool { status == .ok && unverifiedRanges.isEmpty }
    /// It is called corrupt only because of pieces that it shares, and may be good.
    public var isSuspect: Bool { status == .corrupt && badRanges == suspectRanges }
  }

  /// The state of every piece.
  public let states: [PieceState]
  /// In the order of the torrent.
  public let files: [File]
  /// What kept a search from being complete, in lines fit for a terminal; a bounded number.
  public let searchProblems: [String]

  /// The pieces counted. O(pieces).
  public var pieces: Pieces {
    Pieces(
      total: states.count, good: states.count { $0 == .good },
      bad: states.count { $0 == .bad || $0 == .contradictory }, missing: states.count { $0 == .missing })
  }

  /// Numbers of the pieces that don't match, ascending. O(pieces).
  public var badPieces: [PieceIndex] { indices { $0 == .bad || $0 == .contradictory } }

  /// Numbers of the pieces of which the torrent itself says two different things, ascending. If there is one, the
  /// torrent is broken. O(pieces).
  public var contradictions: [PieceIndex] { indices { $0 == .contradictory } }

  /// Every file is there with its very length and every piece matches. O(pieces + files).
  public var isOK: Bool {
    states.allSatisfy { $0 == .good } && files.allSatisfy { $0.status == .ok }
  }

  /// Something could not be read, so that the answer is not "differs" but "unknown": an error of disk or
  /// permission, exit code 4.
  public var hasReadError: Bool { files.contains { $0.status == .unreadable } }

  private func indices(where isMeant: (PieceState) -> Bool) -> [PieceIndex] {
    states.indices.filter { isMeant(states[$0]) }.map { PieceIndex(unchecked: $0) }
  }
}
