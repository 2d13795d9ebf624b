/// What giving needs to know beyond each peer's own demand.
struct Offering {
  var choker: Choker
  /// When the unchoked are chosen anew.
  var nextChoke = Instant(nanoseconds: 0)
  var uploadLimit: TokenBucket
  /// The slot that an upload under the limit last went to.
  var uploadTurn: UInt32 = 0

  init(_ limits: SwarmLimits) {
    choker = Choker(slots: limits.uploadSlots)
    uploadLimit = TokenBucket(rate: limits.uploadLimit)
  }
}
