/// Which of the two ways of describing content a torrent uses.
public enum TorrentFormat: String, Hashable, Sendable, CaseIterable {
  /// BEP 3: SHA-1 digests of pieces that run across files.
  case v1
  /// BEP 52: a SHA-256 hash tree for each file; every file starts at a piece.
  case v2
  /// Both descriptions of the same files in one info dictionary (BEP 52), so that it has two info-hashes.
  case hybrid

  /// Whether there are SHA-1 digests of the pieces.
  public var hasPieceHashes: Bool { self != .v2 }
  /// Whether there are hash trees.
  public var hasMerkleHashes: Bool { self != .v1 }
}
