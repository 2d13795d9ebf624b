import Metainfo

/// A torrent in a session, for whoever has added it: to wait for, to look at and to steer.
///
/// It stays what it is when the torrent is removed: what it is asked for then is refused with a `TransferError` of the kind
/// `state`.
public struct TorrentHandle: Sendable {
  public let id: TorrentID
  let session: Session
  let key: TorrentKey

  /// Returns when all that is wanted is here and verified: at once for a seed that is complete. Waits through pauses.
  ///
  /// Throws the `TransferError` for which the torrent has stopped (a disk that is full, content of a seed that differs, the
  /// end of the session …), and `CancellationError` when the waiting task is cancelled, which does nothing to the torrent.
  @discardableResult
  public func completion() async throws -> TransferSummary { try await session.completion(of: key) }

  /// How it stands. `nil` when it is in the session no more.
  public func snapshot() async -> TorrentSnapshot? { await session.snapshot(of: key) }

  /// How far each file is, in the torrent's order; empty until the content has been examined. O(files + pieces).
  public func files() async -> [FileProgress] { await session.files(of: key) }

  /// The connected peers.
  public func peers() async -> [PeerSnapshot] { await session.peers(of: key) }

  /// What is decided about the torrent from here on, and why, through pauses too; ends when the torrent is in the session no
  /// more. While nobody listens nothing of it is even made.
  /// - Parameter capacity: decisions that are kept until they are read. Of those that find no room the oldest go.
  public func observations(buffering capacity: Int = 4096) -> AsyncStream<TorrentObservation> {
    AsyncStream(bufferingPolicy: .bufferingNewest(max(1, capacity))) { session.observe(key, $0) }
  }

  /// Names peers that may have the torrent.
  public func add(peers: [Endpoint]) async { await session.add(peers, to: key) }

  /// Ends all connections; the torrent keeps its place, and what it has.
  public func pause() async { await session.pause(key) }

  /// Goes on after a pause, and begins anew after a failure.
  public func resume() async { await session.resume(key) }

  /// Changes which files are fetched, one truth value for each; `nil` for all. What is on disk is examined again.
  /// Throws when the number of files is another, and for a seed.
  public func select(_ files: [Bool]?) async throws(TransferError) {
    try await session.select(files, of: key)
  }

  /// Limits this torrent beside the session's own limits, in bytes per second; `nil` for no limit.
  public func setLimits(upload: Int?, download: Int?) async {
    await session.setLimits(upload: upload, download: download, of: key)
  }

  /// Takes the torrent out of the session; its files stay. Returns when its trackers have been told, for at most five
  /// seconds.
  public func remove() async throws(TransferError) { try await session.remove(key) }

  /// As `remove`, and deletes the content: the torrent's files under their final and their partial names, then its folders that
  /// are empty. Returns when that is done; the same torrent can be added again from then on.
  ///
  /// Only what is surely the torrent's is deleted: a file with a right piece in it, or a partial one that a download has made,
  /// and that nobody has changed since. Everything else stays, and is told. Content that has not been examined is examined
  /// first. Throws when the folder it lies in can't be read.
  public func removeWithContent() async throws(TransferError) -> DeletedContent {
    try await session.removeWithContent(key)
  }
}
