/// What the torrents of a session would fight over, and how it is shared: one value for each session.
///
/// Whoever wants something asks for it and is told at once whether it may; if not, it is called when its turn has come.
/// Nothing here has a clock, and nothing is done here: a torrent's core is handed this value with
/// each input, and the session looks after each for whom there is a turn.
public struct Governor: Sendable {
  /// How much there is.
  public struct Limits: Sendable {
    /// Bytes per second over all torrents; `nil` for no limit.
    public var uploadLimit: Int?
    public var downloadLimit: Int?
    /// Peers that are uploaded to at once.
    public var uploadSlots = 8
    /// Connected peers.
    public var maxPeers = 80
    /// Addresses that are being dialed.
    public var dialsAtOnce = 64
    /// Bytes of pieces under way.
    public var bufferBudget = 24 << 20
    /// Threads that take digests.
    public var hashingThreads = 2

    public init() {}
  }

  public var upload: Bandwidth
  public var download: Bandwidth
  public var slots: UploadSlots
  public var seats: Seats
  public var dials: Supply
  public var buffers: Supply
  public var hashing: HashingTurns

  public init(_ limits: Limits = Limits()) {
    upload = Bandwidth(limit: limits.uploadLimit)
    download = Bandwidth(limit: limits.downloadLimit)
    slots = UploadSlots(limits.uploadSlots)
    seats = Seats(limits.maxPeers)
    dials = Supply(of: limits.dialsAtOnce)
    buffers = Supply(of: limits.bufferBudget)
    hashing = HashingTurns(threads: limits.hashingThreads)
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
    buffers.remove(torrent)
    hashing.remove(torrent)
  }
}
