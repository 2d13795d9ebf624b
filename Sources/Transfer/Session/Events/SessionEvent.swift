import Metainfo

/// What a session tells whoever watches it.
public enum SessionEvent: Sendable {
  /// Peers can reach the session here.
  case listening(Endpoint)
  /// A connection has come in and ended before it got to a torrent, with the reason in words.
  case refused(Endpoint, String)
  /// How many pieces were found on disk, and right, at the start.
  case verified(TorrentID, good: Int, total: Int)
  case peer(TorrentID, Endpoint, PeerState, client: String)
  /// A piece has been verified and stored; these peers have delivered it.
  case piece(TorrentID, PieceIndex, from: [Endpoint])
  /// At most once a second.
  case progress(TorrentID, TransferProgress)
  /// All wanted pieces are there. Seconds since the download began, bytes of these pieces, and bytes that came in
  /// vain.
  case completed(TorrentID, seconds: Double, bytes: Int, wasted: Int)
  case tracker(TorrentID, url: String, TrackerOutcome)
  case warning(TorrentID, String)
  /// The torrent is in the session no more.
  case removed(TorrentID)
  /// So many events were not kept, because they were not read in time. See `Session.events(buffering:)`.
  case missed(Int)
  /// The torrent has stopped; the session goes on.
  case failed(TorrentID, TransferError)
}

/// What became of a peer.
public enum PeerState: Hashable, Sendable {
  case connected
  /// With the reason, in words. Also said of a peer that could not be reached.
  case disconnected(String)
  /// It has sent wrong data, and that is proven.
  case banned
}

/// What came of an announce.
public enum TrackerOutcome: Hashable, Sendable {
  /// It named so many peers.
  case peers(Int)
  /// It could not be reached, or has refused.
  case failure(String)
  /// It has answered, with a warning.
  case warning(String)
}

/// How far a torrent is, and how fast.
public struct TransferProgress: Sendable {
  /// Bytes of the wanted pieces that are verified, and of all wanted ones.
  public let done: Int
  public let total: Int
  /// Bytes per second, over the last few seconds.
  public let downRate: Int
  public let upRate: Int
  /// Bytes of blocks since the start.
  public let downloaded: Int
  public let uploaded: Int
  public let peers: Int
  public let pieces: Bitfield
  /// Wanted pieces that are missing, and that no connected peer has.
  public var unavailable = 0
}
