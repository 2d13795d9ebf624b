/// What giving needs to know beyond each peer's own demand.
struct Offering {
  var choker: Choker
  /// When the unchoked are chosen anew; `nil` while nobody is interested.
  var nextChoke: Instant?
  var uploadLimit: TokenBucket
  /// The slot that an upload under the limit last went to.
  var uploadTurn: UInt32 = 0
  /// When the limit lets something pass that waits for it.
  var nextShare: Instant?

  init(_ limits: SwarmLimits) {
    choker = Choker(slots: limits.uploadSlots)
    uploadLimit = TokenBucket(rate: limits.uploadLimit)
  }
}
