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
  private(set) var workers: [Worker] = []

  init(maxWorkers: Int) { self.maxWorkers = max(1, maxWorkers) }

  var hasIdleWorker: Bool { workers.count < maxWorkers }

  /// Puts a worker on a peer; `false` when all are busy or the peer is leased already. O(workers), as are all
  /// others here.
  mutating func lease(_ peer: PeerKey) -> Bool {
    guard hasIdleWorker, !isLeased(peer) else { return false }
    workers.append(Worker(peer: peer))
    return true
  }

  /// Ends a lease; returns the pieces that the worker had claimed.
  mutating func release(_ peer: PeerKey) -> [PieceIndex] {
    guard let index = workers.firstIndex(where: { $0.peer == peer }) else { return [] }
    return workers.remove(at: index).claims
  }

  func isLeased(_ peer: PeerKey) -> Bool { workers.contains { $0.peer == peer } }

  func claims(of peer: PeerKey) -> [PieceIndex] { workers.first { $0.peer == peer }?.claims ?? [] }

  func owner(of piece: PieceIndex) -> PeerKey? {
    workers.first { $0.claims.contains(piece) }?.peer
  }

  mutating func claim(_ piece: PieceIndex, for peer: PeerKey) {
    guard let index = workers.firstIndex(where: { $0.peer == peer }) else { return }
    workers[index].claims.append(piece)
  }

  /// The piece is complete or given up: nobody owns it any more.
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
    for worker in workers {
      if !peers.insert(worker.peer).inserted { return "two workers share \(worker.peer)" }
      for piece in worker.claims where !pieces.insert(piece).inserted {
        return "piece \(piece) has two owners"
      }
    }
    return nil
  }
}
