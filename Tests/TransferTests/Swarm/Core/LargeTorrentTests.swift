import Metainfo
import Testing

@testable import Transfer

/// Work that must not grow with the torrent.
@Suite struct LargeTorrentTests {
  @Test(
    "N08 a million pieces: what a peer says of one of them costs the same as among a thousand",
    .timeLimit(.minutes(5)))
  func millionPieces() {
    let few = cost(pieces: 1_000)
    let many = cost(pieces: 1_000_000)
    // A walk over all pieces would make it a thousand times as much.
    #expect(many < few * 40, "\(many) for each among a million, \(few) among a thousand")
  }

  /// Seconds for `have`, a piece's way from pick to check, and the next.
  private func cost(pieces: Int) -> Duration {
    var core = CoreHarness(pieces: pieces)
    let half = CoreHarness.set(Array(0..<pieces / 2), of: pieces)
    for (peer, has) in [(1, Bitfield(allOf: pieces)), (2, half)] {
      core.unchecked(.joined(CoreHarness.key(peer), CoreHarness.newcomer(peer)))
      core.unchecked(.message(CoreHarness.key(peer), .bitfield(has.packed)))
    }
    core.unchecked(.message(CoreHarness.key(1), .unchoke))
    let clock = ContinuousClock()
    let rounds = 100
    // The best of several: what else the machine does is not counted.
    return (0..<5).map { _ in
      clock.measure {
        for _ in 0..<rounds {
          core.unchecked(.message(CoreHarness.key(2), .have(UInt32(pieces - 1))))
          let asked = core.asked(of: 1)
          _ = core.takeActions()
          if let raw = asked.first, let span = core.core.expects(raw, from: CoreHarness.key(1)) {
            core.unchecked(.block(CoreHarness.key(1), span))
            core.unchecked(.checked(span.piece, .good(fingerprints: [])))
          }
          core.unchecked(.timePassed)
        }
      } / rounds
    }.min() ?? .zero
  }
}
