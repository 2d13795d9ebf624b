/// What one peer wants of this side, and how giving to it goes.
struct PeerDemand {
  var isInterested = false
  var isChoked = true
  var chokeChanged: Instant
  var uploads = UploadQueue()
  var upload = RateMeter()

  init(joined: Instant) { chokeChanged = joined }
}
