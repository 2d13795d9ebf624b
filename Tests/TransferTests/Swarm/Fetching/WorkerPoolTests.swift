import Metainfo
import Testing

@testable import Transfer

@Suite("Worker pool")
struct WorkerPoolTests {
  private func key(_ peer: Int) -> PeerKey { CoreHarness.key(peer) }
  private func piece(_ number: Int) -> PieceIndex { PieceIndex(unchecked: number) }

  @Test("As many leases as workers, one for a peer")
  func leases() {
    var pool = WorkerPool(maxWorkers: 2)
    let leased = [1, 1, 2, 3].map { pool.lease(key($0)) }
    #expect(leased == [true, false, true, false])
    #expect(!pool.hasIdleWorker && pool.isLeased(key(1)) && !pool.isLeased(key(3)))
    _ = pool.release(key(1))
    let again = pool.lease(key(3))
    #expect(again && pool.brokenInvariant() == nil)
  }

  @Test("No configuration leaves a download without a worker", arguments: [-5, 0, 1])
  func minimum(maxWorkers: Int) {
    var pool = WorkerPool(maxWorkers: maxWorkers)
    let leased = [pool.lease(key(1)), pool.lease(key(2))]
    #expect(leased == [true, false])
  }

  @Test("Claims belong to one worker, in order, until they are done or the lease ends")
  func claims() {
    var pool = WorkerPool(maxWorkers: 3)
    for peer in 1...2 { _ = pool.lease(key(peer)) }
    pool.claim(piece(7), for: key(1))
    pool.claim(piece(3), for: key(1))
    pool.claim(piece(5), for: key(2))
    pool.claim(piece(9), for: key(3))  // no lease, no claim
    #expect(pool.claims(of: key(1)) == [piece(7), piece(3)])
    #expect(pool.owner(of: piece(5)) == key(2) && pool.owner(of: piece(9)) == nil)
    pool.unclaim(piece(7))
    let released = [pool.release(key(1)), pool.release(key(1)), pool.release(key(3))]
    #expect(released == [[piece(3)], [], []])
    #expect(pool.owner(of: piece(3)) == nil && pool.brokenInvariant() == nil)
  }

  @Test("The invariants notice a piece with two owners")
  func invariant() {
    var pool = WorkerPool(maxWorkers: 2)
    _ = pool.lease(key(1))
    _ = pool.lease(key(2))
    pool.claim(piece(0), for: key(1))
    #expect(pool.brokenInvariant() == nil)
    pool.claim(piece(0), for: key(2))
    #expect(pool.brokenInvariant() != nil)
  }
}
