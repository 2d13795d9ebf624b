/// How many bytes may move in one direction: a tree with the session as its trunk, a branch for each torrent, and
/// the peers of a torrent as its leaves. The trunk and each branch may have a limit.
///
/// Who asks takes a block at once as long as nothing is in short supply. Otherwise it waits in line, and is called when there
/// is something again: torrents in turn, and the peers of a torrent in turn, a block each. So all who want something
/// get the same share, and what one leaves is there for the others. Invariants: no limit lets more pass
/// than its rate, a quarter of a second's worth of burst and one block; whoever waits is called while bytes pass.
///
/// Everything is O(1) but for torrents that wait for a limit of their own: O(log torrents).
public struct Bandwidth: Sendable {
  /// Whose turn it is.
  public struct Turn: Hashable, Sendable {
    public let torrent: TorrentKey
    public let peer: PeerKey
  }

  private struct Branch: Sendable {
    var bucket: TokenBucket
    var line = WaitingLine<PeerKey>()
  }

  private var trunk: TokenBucket
  /// The torrents that have a limit or peers in line.
  private var branches: [TorrentKey: Branch] = [:]
  /// The torrents with peers in line that their own limit doesn't hold back.
  private var line = WaitingLine<TorrentKey>()
  /// The torrents with peers in line that wait for their own limit.
  private var heldBack = Deadlines<TorrentKey>()
  /// Torrents that have a limit.
  private var limitedBranches = 0
  private var turn: Turn?

  /// - Parameter limit: bytes per second for all torrents together; `nil` for no limit.
  public init(limit: Int? = nil) { trunk = TokenBucket(rate: limit) }

  public var isLimited: Bool { trunk.isLimited || limitedBranches > 0 }

  /// The session's limit in bytes per second.
  public var limit: Int? {
    get { trunk.rate }
    set { trunk.rate = newValue }
  }

  /// Sets a torrent's own limit in bytes per second; `nil` for none beside the session's.
  public mutating func setLimit(_ rate: Int?, of torrent: TorrentKey) {
    let before = branches[torrent]?.bucket.isLimited ?? false
    limitedBranches += (rate == nil ? 0 : 1) - (before ? 1 : 0)
    branches[torrent, default: Branch(bucket: TokenBucket(rate: nil))].bucket.rate = rate
    _ = heldBack.remove(torrent)
    if branches[torrent]?.line.isEmpty == false { line.join(torrent) }
    prune(torrent)
  }

  // MARK: Asking

  /// Takes bytes for a peer if they may move now. Otherwise the peer is in line from here on, and comes again when
  /// `nextTurn` has called it.
  public mutating func take(
    _ bytes: Int, for peer: PeerKey, of torrent: TorrentKey, at now: Instant
  ) -> Bool {
    guard isLimited else { return true }
    let wasCalled = turn == Turn(torrent: torrent, peer: peer)
    if wasCalled { turn = nil }
    guard wasCalled || isNobodyBefore(torrent), trunk.isOpen(at: now) else {
      wait(peer, torrent)
      return false
    }
    guard branches[torrent] != nil else {
      trunk.take(bytes)
      return true
    }
    guard branches[torrent]?.bucket.isOpen(at: now) == true else {
      wait(peer, torrent)
      line.leave(torrent)
      holdBack(torrent)
      return false
    }
    trunk.take(bytes)
    branches[torrent]?.bucket.take(bytes)
    return true
  }

  /// Bytes that were taken have not moved after all: a request that was refused, say.
  public mutating func giveBack(_ bytes: Int, of torrent: TorrentKey) {
    guard isLimited, bytes != 0 else { return }
    trunk.giveBack(bytes)
    branches[torrent]?.bucket.giveBack(bytes)
  }

  /// The peer wants nothing any more.
  public mutating func leave(_ peer: PeerKey, of torrent: TorrentKey) {
    guard isLimited else { return }
    branches[torrent]?.line.leave(peer)
    if branches[torrent]?.line.isEmpty == true { leaveLine(torrent) }
    prune(torrent)
  }

  public mutating func remove(_ torrent: TorrentKey) {
    if branches.removeValue(forKey: torrent)?.bucket.isLimited == true { limitedBranches -= 1 }
    leaveLine(torrent)
    if turn?.torrent == torrent { turn = nil }
  }

  // MARK: Turns

  /// Whose turn it is, if anything may move now: that peer is out of the line, and the next `take` is its own. To be
  /// called until it answers `nil`, with whatever comes of each call done before the next.
  public mutating func nextTurn(at now: Instant) -> Turn? {
    turn = nil
    while let torrent = heldBack.popDue(at: now) { line.join(torrent) }
    guard !line.isEmpty, trunk.isOpen(at: now) else { return nil }
    while let torrent = line.callFirst() {
      guard branches[torrent]?.bucket.isOpen(at: now) == true else {
        holdBack(torrent)
        continue
      }
      guard let peer = branches[torrent]?.line.callFirst() else { continue }
      if branches[torrent]?.line.isEmpty == false { line.join(torrent) }
      prune(torrent)
      turn = Turn(torrent: torrent, peer: peer)
      return turn
    }
    return nil
  }

  /// When `nextTurn` is to be asked next; `nil` when nobody waits, or for something that never comes.
  public var nextDue: Instant? {
    let inLine = line.isEmpty ? nil : trunk.opens
    guard let heldBack = heldBack.first else { return inLine }
    return min(inLine ?? heldBack, heldBack)
  }

  /// Whether this peer is in line.
  public func isWaiting(_ peer: PeerKey, of torrent: TorrentKey) -> Bool {
    isLimited && branches[torrent]?.line.contains(peer) ?? false
  }

  /// How many wait.
  public var waitingCount: Int { branches.values.reduce(0) { $0 + $1.line.count } }

  // MARK: The line

  private func isNobodyBefore(_ torrent: TorrentKey) -> Bool {
    line.isEmpty && branches[torrent]?.line.isEmpty ?? true
  }

  private mutating func wait(_ peer: PeerKey, _ torrent: TorrentKey) {
    branches[torrent, default: Branch(bucket: TokenBucket(rate: nil))].line.join(peer)
    if heldBack[torrent] == nil { line.join(torrent) }
  }

  /// It is called again when its own limit allows.
  private mutating func holdBack(_ torrent: TorrentKey) {
    guard let opens = branches[torrent]?.bucket.opens else { return }
    heldBack.set(torrent, due: opens)
  }

  private mutating func leaveLine(_ torrent: TorrentKey) {
    line.leave(torrent)
    _ = heldBack.remove(torrent)
  }

  private mutating func prune(_ torrent: TorrentKey) {
    guard let branch = branches[torrent], !branch.bucket.isLimited, branch.line.isEmpty else { return }
    branches[torrent] = nil
  }
}
