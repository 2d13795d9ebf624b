/// What one peer has to give, and how fetching from it goes.
struct PeerSupply {
  /// How many of its pieces are wanted here and missing.
  var wantedCount = 0
  var isChokingUs = true
  var areWeInterested = false

  var window = RequestWindow()
  var download = RateMeter()
  /// When it last delivered a block, or was first asked for one after a pause.
  var lastProgress: Instant
  /// Asked for blocks and delivered none for too long; no worker takes it before this moment.
  var snubbedUntil: Instant?
  /// Requests refused in a row.
  var rejections = 0
  /// Since when it has had its present worker.
  var leasedSince: Instant
  /// Bytes per second that its last worker got from it; `nil` before the first.
  var pace: Int?
  /// The picker's version when it last had no piece for this peer, so that it is not asked again in vain.
  var exhaustedAt: Int?

  init(joined: Instant) {
    lastProgress = joined
    leasedSince = joined
  }

  func isSnubbed(at now: Instant) -> Bool { snubbedUntil.map { now < $0 } ?? false }
}
