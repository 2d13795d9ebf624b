/// What the torrents of a session would fight over, and how it is shared: one value for each session.
///
/// Whoever wants something asks for it and is told at once whether it may; if not, it is called when its turn has come.
/// Nothing here has a clock, and nothing is done here: a torrent's core is handed this value with
/// each input, and the session looks after each for whom there is a turn.
public struct Governor: Sendable {
  public var upload: Bandwidth
  public var download: Bandwidth
  public var slots: UploadSlots
  public var seats: Seats
  public var dials: Dials
  public var memory: PieceMemory
  public var hashing: HashingTurns

  /// - Parameters:
  ///   - dialsAtOnce: addresses that are being dialed.
  ///   - pieceMemory: bytes of pieces under way. Windows of 32 MiB on a long line need about as much; on short lines far
  ///     less is used.
  ///   - hashingThreads: threads that take digests.
  public init(
    _ limits: SessionLimits = SessionLimits(), dialsAtOnce: Int = 256, pieceMemory: Int = 64 << 20,
    hashingThreads: Int = 2
  ) {
    upload = Bandwidth(limit: limits.upload)
    download = Bandwidth(limit: limits.download)
    slots = UploadSlots(limits.uploadSlots)
    seats = Seats(limits.maxPeers)
    dials = Dials(dialsAtOnce)
    memory = PieceMemory(of: pieceMemory)
    hashing = HashingTurns(threads: hashingThreads)
  }

  /// What the user may set. What is taken beyond new limits is kept until it comes back.
  public var limits: SessionLimits {
    get {
      var limits = SessionLimits()
      limits.upload = upload.limit
      limits.download = download.limit
      limits.uploadSlots = slots.capacity
      limits.maxPeers = seats.capacity
      return limits
    }
    set {
      upload.limit = newValue.upload
      download.limit = newValue.download
      slots.capacity = max(1, newValue.uploadSlots)
      seats.capacity = max(1, newValue.maxPeers)
    }
  }

  /// When bytes may move again that wait for a limit; `nil` when none do.
  public var nextDue: Instant? {
    guard let up = upload.nextDue else { return download.nextDue }
    return download.nextDue.map { min(up, $0) } ?? up
  }

  /// The torrent is gone, and its peers before it.
  public mutating func remove(_ torrent: TorrentKey) {
    upload.remove(torrent)
    download.remove(torrent)
    slots.remove(torrent)
    dials.remove(torrent)
    memory.remove(torrent)
    hashing.remove(torrent)
  }
}
