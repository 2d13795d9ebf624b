import Metainfo

/// What the core knows of one connected peer.
struct Peer {
  let endpoint: Endpoint
  let source: PeerSource
  let isOutgoing: Bool
  let id: PeerID
  let supportsFast: Bool
  let joined: Instant

  /// The pieces it says it has.
  var has: Bitfield
  /// How many of those are wanted here and missing.
  var wantedCount = 0

  var isChokingUs = true
  var isInterested = false
  var isChoked = true
  var chokeChanged: Instant
  var areWeInterested = false

  // Downloading.
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

  // Uploading.
  var uploads = UploadQueue()
  var upload = RateMeter()

  var lastHeard: Instant
  var lastSent: Instant

  init(
    endpoint: Endpoint, isOutgoing: Bool, id: PeerID, supportsFast: Bool, pieceCount: Int, joined: Instant
  ) {
    self.endpoint = endpoint
    source = PeerSource(endpoint)
    self.isOutgoing = isOutgoing
    self.id = id
    self.supportsFast = supportsFast
    self.joined = joined
    has = Bitfield(pieceCount: pieceCount)
    chokeChanged = joined
    lastProgress = joined
    leasedSince = joined
    lastHeard = joined
    lastSent = joined
  }

  func isSnubbed(at now: Instant) -> Bool { snubbedUntil.map { now < $0 } ?? false }
}

/// The blocks that a peer has asked for, in order, and how many of them the shell has in hand.
struct UploadQueue {
  private var blocks = Queue<BlockSpan>()
  /// Handed to the shell and not yet with the kernel.
  var inHand = 0

  var count: Int { blocks.count }

  mutating func append(_ block: BlockSpan) { blocks.append(block) }

  mutating func popFirst() -> BlockSpan? { blocks.popFirst() }

  /// Takes a cancelled block out; says whether it was still waiting.
  mutating func cancel(_ block: BlockSpan) -> Bool {
    guard let index = blocks.elements.firstIndex(of: block) else { return false }
    blocks.remove(at: index)
    return true
  }

  mutating func removeAll() -> [BlockSpan] { blocks.removeAll() }
}
