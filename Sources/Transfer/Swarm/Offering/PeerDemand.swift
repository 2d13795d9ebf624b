/// What one peer wants of this side, and how giving to it goes.
struct PeerDemand {
  var isInterested = false
  var isChoked = true
  var chokeChanged: Instant
  /// When its slot was last used: a block has gone out, or it was given the slot.
  var lastUse: Instant
  /// It has had a slot and asked for nothing, or did not take what it asked for.
  var hasWasted = false
  var uploads = UploadQueue()
  var upload = RateMeter()

  init(joined: Instant) {
    chokeChanged = joined
    lastUse = joined
  }

  mutating func change(isChoked: Bool, at now: Instant) {
    self.isChoked = isChoked
    chokeChanged = now
    lastUse = now
  }
}
