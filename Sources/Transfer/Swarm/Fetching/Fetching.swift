import Metainfo

/// What a download needs to know: which pieces can be picked, which are under way, which worker is on which peer.
///
/// A torrent that misses nothing, or fetches nothing, has the idle value. It stays inside the core (an optional
/// would be copied whenever it is changed in place), but owns no table: a seeder pays some hundred bytes for it,
/// where a downloader pays about 14 bytes a piece.
struct Fetching {
  /// The pieces that can be picked, by rarity.
  var picker: PiecePicker
  /// The pieces that are being fetched or checked.
  var active: ActivePieces
  /// Pieces under way whose worker has lost its peer.
  var orphans: [PieceIndex] = []
  var pool: WorkerPool
  /// The peers that a worker could be put on.
  var waiting = WaitingPeers()
  /// The peers that are left alone for a while, and until when.
  var snubbed = Deadlines<PeerKey>()
  var ledger = CorruptionLedger()
  /// The list that `SwarmCore.expected` makes, kept for its room.
  var expected: [BlockSpan] = []
  /// When the workers are looked after next; `nil` while there is nothing to look after.
  var nextWatch: Instant?
  /// When a worker may move to a faster peer again.
  var nextRotation = Instant(nanoseconds: 0)
  /// The picker's version at which nobody who can be asked had anything to pick.
  var spentVersion: Int?
  /// Whether anything is missing that is to be fetched. While it is false nothing here is asked or told anything.
  private(set) var isActive: Bool

  /// - Parameter missing: the pieces that are to be fetched.
  init(
    _ missing: Bitfield, limits: SwarmLimits, using random: inout some RandomNumberGenerator
  ) {
    isActive = limits.downloads && !missing.isEmpty
    let pieceCount = isActive ? missing.pieceCount : 0
    picker = PiecePicker(pieceCount: pieceCount, isSequential: limits.isSequential)
    active = ActivePieces(pieceCount: pieceCount)
    pool = WorkerPool(maxWorkers: limits.maxWorkers)
    if isActive { picker.insert(contentsOf: missing, using: &random) }
  }

  /// All that was to be fetched is here: the tables go. No worker is on a peer by then.
  mutating func rest() {
    isActive = false
    nextWatch = nil
    picker = PiecePicker(pieceCount: 0, isSequential: picker.isSequential)
    active = ActivePieces(pieceCount: 0)
    waiting = WaitingPeers()
    snubbed = Deadlines()
    ledger = CorruptionLedger()
    expected = []
  }

  /// What is wrong with a value that has nothing to do, or `nil`. For tests.
  func brokenRest() -> String? {
    let isIdle =
      picker.availability.isEmpty && active.isEmpty && orphans.isEmpty && pool.workers.isEmpty
      && waiting.isEmpty && snubbed.isEmpty && nextWatch == nil
    return isIdle ? nil : "there is nothing to fetch, and something of it is left"
  }

  /// When something is to be done here. O(1)
  var nextDue: Instant? {
    guard let nextWatch, let rested = snubbed.first else { return nextWatch ?? snubbed.first }
    return min(nextWatch, rested)
  }

  /// Sees to it that the workers are looked after by then.
  mutating func watch(by moment: Instant) { nextWatch = min(nextWatch ?? moment, moment) }

  /// Where a piece stands among those under way. O(1)
  func activeIndex(of piece: PieceIndex) -> Int? { isActive ? active.firstIndex(of: piece) : nil }

  /// Whether nothing is left to begin: what is not under way no connected peer has, or none that can be asked.
  /// Blocks that others were asked for may be asked of a second peer then.
  var isEndGame: Bool { picker.isSpent || spentVersion == picker.version }

  /// Bytes of pieces that may be under way at once: twice what the windows ask for, and some that wait for their digest;
  /// where lines are long, what fills them and a quarter. A fast short line so gets by with ten MiB. O(workers)
  func memoryAllowed(_ peers: PeerTable, atMost budget: Int) -> Int {
    var (short, long) = (0, 0)
    for worker in pool.workers {
      guard let demand = peers[worker.peer]?.supply.window.demand else { continue }
      short += demand.short
      long += demand.long
    }
    return min(budget, min(2 * short + Self.memoryBase, Self.shortMemory) + long + long / 4)
  }

  /// With a third of it the network and the threads that take digests wait for each other in turn: 1 GiB over loopback on
  /// two cores takes a tenth longer.
  private static let memoryBase = 6 << 20
  /// What all the short lines have together at most.
  static let shortMemory = 24 << 20

  // MARK: What peers have

  /// A peer has named its pieces.
  mutating func gained(_ has: Bitfield, using random: inout some RandomNumberGenerator) {
    if isActive { picker.add(has, using: &random) }
  }

  /// A peer has gone.
  mutating func lost(_ has: Bitfield, using random: inout some RandomNumberGenerator) {
    if isActive { picker.remove(has, using: &random) }
  }

  /// A peer has one more piece.
  /// - Parameter has: all its pieces, this one among them.
  mutating func gained(
    _ piece: PieceIndex, _ has: Bitfield, using random: inout some RandomNumberGenerator
  ) {
    guard isActive else { return }
    if has.isFull {
      // It counts as a seed from here on, not piece by piece.
      var before = has
      before.remove(piece)
      picker.remove(before, using: &random)
      picker.add(has, using: &random)
    } else {
      picker.increment(piece, using: &random)
    }
  }
}
