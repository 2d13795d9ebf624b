import Platform
import Synchronization

/// Deals the pieces out to threads, in order and some at a time.
final class PieceClaims: Sendable {
  private let pieces: [PieceIndex]?
  private let geometry: PieceGeometry
  private let workers: Int
  private let next = Lock(0)
  private let isStopped = Atomic(false)

  /// - Parameters:
  ///   - pieces: `nil` is all of them.
  ///   - workers: Threads that run at the same time: of more threads than processors, as many as those.
  init(_ pieces: [PieceIndex]?, geometry: PieceGeometry, workers: Int) {
    self.pieces = pieces
    self.geometry = geometry
    self.workers = workers
  }

  var count: Int { pieces?.count ?? geometry.pieceCount }

  /// Claims the next pieces, at most as many as leave the other workers their share, and all of one length: a short
  /// last piece comes by itself. Empty when none is left.
  ///
  /// - Parameters:
  ///   - atMost: How many pieces the thread wants.
  ///   - register: Hears of the pieces before anybody can claim later ones.
  func claim(_ atMost: Int, _ register: ([PieceIndex]) -> Void) -> [PieceIndex] {
    guard !isStopped.load(ordering: .relaxed) else { return [] }
    return next.withLock { next in
      let left = count - next
      var taken = min(atMost, (left + workers - 1) / workers)
      if taken > 1, geometry.length(of: piece(next + taken - 1)) != geometry.pieceLength { taken -= 1 }
      let claimed = (next..<next + taken).map(piece)
      next += taken
      register(claimed)
      return claimed
    }
  }

  /// No piece is dealt out any more.
  func stop() { isStopped.store(true, ordering: .relaxed) }

  private func piece(_ number: Int) -> PieceIndex {
    pieces?[number] ?? PieceIndex(unchecked: number)
  }
}
