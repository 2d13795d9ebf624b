import Metainfo
import Testing

@testable import Transfer

@Suite("Window of requests")
struct RequestWindowTests {
  private func block(_ number: Int) -> BlockSpan { CoreHarness.block(0, number) }
  private func at(_ seconds: Double) -> Instant { Instant(nanoseconds: Int64(seconds * 1e9)) }

  /// A peer that delivers `rate` bytes a second with the given round trip, for so many seconds.
  private func settle(rate: Double, roundTrip: Double, seconds: Double) -> RequestWindow {
    var window = RequestWindow()
    var meter = RateMeter()
    var next = 0
    var due: [(time: Double, number: Int)] = []
    var lineFree = 0.0
    var time = 0.0
    while time < seconds {
      for _ in 0..<window.room {
        window.add(block(next), at: at(time))
        lineFree = max(lineFree, time + roundTrip) + 16_384 / rate
        due.append((lineFree, next))
        next += 1
      }
      time += 0.01
      while let first = due.first, first.time <= time {
        due.removeFirst()
        meter.add(16_384, at: at(time))
        let wasAsked = window.answered(block(first.number), at: at(time))
        #expect(wasAsked)
      }
      if Int(time * 100) % 25 == 0 { window.adapt(rate: meter.rate(at: at(time))) }
    }
    return window
  }

  @Test(
    "It settles near what the line holds: the rate times one round trip and a second, for a peer of moderate speed",
    arguments: [(1e6, 0.02), (1e6, 0.3), (3e5, 0.1), (2e6, 0.1)])
  func settles(rate: Double, roundTrip: Double) {
    let window = settle(rate: rate, roundTrip: roundTrip, seconds: 20)
    let ideal = rate * (roundTrip + 1) / 16_384
    #expect(
      (ideal * 0.7...ideal * 1.4 + 2).contains(Double(window.target)), "\(window.target), ideal \(ideal)")
  }

  @Test("Never more than 500, however fast; never fewer than 2, however slow")
  func bounds() {
    #expect(settle(rate: 1e9, roundTrip: 0.2, seconds: 10).target == RequestWindow.maximum)
    #expect(settle(rate: 5e3, roundTrip: 0.2, seconds: 60).target <= 3)
    var window = RequestWindow()
    window.adapt(rate: 10)
    window.adapt(rate: 10)
    window.adapt(rate: 0)
    #expect(window.target == RequestWindow.minimum)
  }

  @Test("A fast peer at hand gets a reserve of 2 MiB, the same peer far away what the line holds as well")
  func reserve() {
    // The clock of `settle` has steps of 10 ms, which are a round trip at least.
    let near = settle(rate: 1e8, roundTrip: 0.001, seconds: 5).target
    #expect((128...256).contains(near), "\(near)")
    let far = settle(rate: 2e7, roundTrip: 0.1, seconds: 10).target
    let ideal = 2e7 * 0.1 / 16_384 + 128
    #expect((ideal * 0.7...ideal * 1.5).contains(Double(far)), "\(far), ideal \(ideal)")
  }

  @Test("Answers in any order; an answer without a request, or twice, is none")
  func answers() {
    var window = RequestWindow()
    for number in 0..<4 { window.add(block(number), at: at(1)) }
    let answers = [2, 0, 2, 9, 3, 1, 1].map { window.answered(block($0), at: at(2)) }
    #expect(answers == [true, true, false, false, true, true, false])
    #expect(window.isEmpty)
    #expect(window.target == 20, "one more for each block while it grows")
  }

  @Test("Room is never negative, and requests come out whole")
  func room() {
    var window = RequestWindow()
    for number in 0..<10 { window.add(block(number), at: at(1)) }
    #expect(window.room == 6)
    window.restart()
    #expect(window.room == 0 && window.count == 10)
    let taken = [window.remove(block(3)), window.remove(block(3))]
    #expect(taken == [true, false] && !window.contains(block(3)) && window.contains(block(4)))
    let rest = window.removeAll()
    #expect(rest == [0, 1, 2, 4, 5, 6, 7, 8, 9].map(block) && window.room == 2)
  }
}
