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
  /// Asked for blocks and delivered none for too long, or refused them: no worker takes it for a while.
  var isSnubbed = false
  /// Refused requests in a row.
  var rejections = 0
  /// Since when it has had its present worker.
  var leasedSince: Instant
  /// Whether it was ever asked for a block.
  var wasAsked = false
  /// Bytes per second that its last worker got from it; `nil` before the first.
  var pace: Int?
  /// The picker's version when it last had no piece for this peer, so that it is not asked again in vain.
  var exhaustedAt: Int?

  init(joined: Instant) {
    lastProgress = joined
    leasedSince = joined
  }

  var hasDelivered: Bool { download.total > 0 }

  var promise: WaitingPeers.Promise {
    if hasDelivered { return .proven(pace ?? 0) }
    return wasAsked ? .broken : .untried
  }

  /// What one of the workers could be put on, if it has none.
  var canBeAsked: Bool { !isChokingUs && wantedCount > 0 && !isSnubbed }
}
