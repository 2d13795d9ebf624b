import Metainfo
import Testing

@testable import Transfer

@Suite("Corruption ledger")
struct CorruptionLedgerTests {
  private let piece = PieceIndex(unchecked: 0)
  private let a = PeerSource(CoreHarness.endpoint(1))
  private let b = PeerSource(CoreHarness.endpoint(2))
  private let c = PeerSource(CoreHarness.endpoint(3))

  @Test("A wrong piece of one source is proof")
  func single() {
    var ledger = CorruptionLedger()
    #expect(ledger.failed(piece, sources: [a, a, a], fingerprints: [1, 2, 3]) == a)
    #expect(!ledger.isSuspect(piece))
    #expect(ledger.failed(piece, sources: [a], fingerprints: []) == a)
  }

  @Test(
    "Of several sources nobody is banned until the right bytes are known; then those whose blocks changed")
  func several() {
    var ledger = CorruptionLedger()
    #expect(ledger.failed(piece, sources: [a, b, c, a], fingerprints: [1, 2, 3, 4]) == nil)
    #expect(ledger.isSuspect(piece))
    #expect(ledger.succeeded(piece, fingerprints: [1, 20, 3, 4]) == [b])
    #expect(!ledger.isSuspect(piece))
    #expect(ledger.succeeded(piece, fingerprints: [9, 9, 9, 9]) == [])
  }

  @Test("Several failures convict everyone whose block differed in any of them")
  func repeated() {
    var ledger = CorruptionLedger()
    _ = ledger.failed(piece, sources: [a, b], fingerprints: [1, 99])
    _ = ledger.failed(piece, sources: [c, a], fingerprints: [98, 2])
    #expect(Set(ledger.succeeded(piece, fingerprints: [1, 2])) == [b, c])
  }

  @Test("A suspect piece that fails on parole convicts its one source, and keeps the first suspicion")
  func paroleFails() {
    var ledger = CorruptionLedger()
    _ = ledger.failed(piece, sources: [a, b], fingerprints: [1, 99])
    #expect(ledger.failed(piece, sources: [c, c], fingerprints: [5, 6]) == c)
    #expect(ledger.isSuspect(piece))
    #expect(ledger.succeeded(piece, fingerprints: [1, 2]) == [b])
  }

  @Test("Lists of unequal length, or none, do no harm")
  func unequal() {
    var ledger = CorruptionLedger()
    #expect(ledger.failed(piece, sources: [], fingerprints: []) == nil)
    #expect(ledger.failed(piece, sources: [a, b, c], fingerprints: [1]) == nil)
    #expect(ledger.succeeded(piece, fingerprints: [1, 2]) == [])
  }

  @Test("Pieces are judged one by one")
  func pieces() {
    var ledger = CorruptionLedger()
    let other = PieceIndex(unchecked: 1)
    _ = ledger.failed(piece, sources: [a, b], fingerprints: [1, 2])
    #expect(!ledger.isSuspect(other))
    #expect(ledger.succeeded(other, fingerprints: [7, 7]) == [])
    #expect(ledger.isSuspect(piece))
  }
}
