import Metainfo

/// The workers that fetch pieces in parallel, each from a peer of its own.
///
/// A worker leases one connected, unchoked peer and claims pieces: one that it fetches, and further ones as far
/// as its window of requests reaches ahead. Invariants, which `brokenInvariant()` checks: no two workers share a
/// peer; a piece has at most one owner; there are never more than `maxWorkers`.
struct WorkerPool {
  struct Worker {
    let peer: PeerKey
    /// In the order in which they were claimed.
    var claims: [PieceIndex] = []
  }

  let maxWorkers: Int
  /// In no particular order.
  private(set) var workers: [Worker] = []
  /// By the slot of its peer, where in `workers` a worker is; -1 for a peer without one.
  private var places: [Int32] = []

  init(maxWorkers: Int) { self.maxWorkers = max(1, maxWorkers) }

  var hasIdleWorker: Bool { workers.count < maxWorkers }

  /// Workers on peers that have claimed nothing (any more). O(workers)
  var unclaimedCount: Int { workers.count { $0.claims.isEmpty } }

  /// Puts a worker on a peer; `false` when all are busy or the peer is leased already. O(1)
  mutating func lease(_ peer: PeerKey) -> Bool {
    guard hasIdleWorker, !isLeased(peer) else { return false }
    let slot = Int(peer.slot)
    if slot >= places.count { places.append(contentsOf: repeatElement(-1, count: slot + 1 - places.count)) }
    places[slot] = Int32(workers.count)
    workers.append(Worker(peer: peer))
    return true
  }

  /// Ends a lease; returns the pieces that the worker had claimed. O(1)
  mutating func release(_ peer: PeerKey) -> [PieceIndex] {
    guard let index = index(of: peer) else { return [] }
    places[Int(peer.slot)] = -1
    let last = workers.removeLast()
    guard index < workers.count else { return last.claims }
    let released = workers[index].claims
    workers[index] = last
    places[Int(last.peer.slot)] = Int32(index)
    return released
  }

  func isLeased(_ peer: PeerKey) -> Bool { index(of: peer) != nil }

  func claims(of peer: PeerKey) -> [PieceIndex] { index(of: peer).map { workers[$0].claims } ?? [] }

  /// O(workers × claims)
  func owner(of piece: PieceIndex) -> PeerKey? {
    workers.first { $0.claims.contains(piece) }?.peer
  }

  mutating func claim(_ piece: PieceIndex, for peer: PeerKey) {
    guard let index = index(of: peer) else { return }
    workers[index].claims.append(piece)
  }

  private func index(of peer: PeerKey) -> Int? {
    let slot = Int(peer.slot)
    guard slot < places.count, places[slot] >= 0, workers[Int(places[slot])].peer == peer else { return nil }
    return Int(places[slot])
  }

  /// The piece is complete or given up: nobody owns it any more. O(workers × claims)
  mutating func unclaim(_ piece: PieceIndex) {
    for index in workers.indices {
      if let claim = workers[index].claims.firstIndex(of: piece) {
        workers[index].claims.remove(at: claim)
        return
      }
    }
  }

  /// The first thing that is wrong, or `nil`. For tests.
  func brokenInvariant() -> String? {
    if workers.count > maxWorkers { return "\(workers.count) workers, \(maxWorkers) allowed" }
    var peers = Set<PeerKey>()
    var pieces = Set<PieceIndex>()
    for (index, worker) in workers.enumerated() {
      if places[Int(worker.peer.slot)] != Int32(index) { return "\(worker.peer) is not where it says" }
      if !peers.insert(worker.peer).inserted { return "two workers share \(worker.peer)" }
      for piece in worker.claims where !pieces.insert(piece).inserted {
        return "piece \(piece) has two owners"
      }
    }
    if places.count(where: { $0 >= 0 }) != workers.count { return "a worker is nowhere" }
    return nil
  }
}
