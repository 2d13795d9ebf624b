import Metainfo
import Testing

@testable import Transfer

@Suite("Window of requests")
struct RequestWindowTests {
  private func block(_ number: Int) -> BlockSpan { CoreHarness.block(0, number) }
  private func at(_ seconds: Double) -> Instant { Instant(nanoseconds: Int64(seconds * 1e9)) }

  /// A peer that keeps `allowed` requests and delivers `rate` bytes a second with the given round trip, for so many
  /// seconds.
  private func settle(rate: Double, roundTrip: Double, seconds: Double, allowed: Int = 5_000) -> RequestWindow
  {
    var window = RequestWindow()
    window.allow(allowed)
    var next = 0
    var due = Queue<(time: Double, number: Int)>()
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
      while let first = due.elements.first, first.time <= time {
        _ = due.popFirst()
        let wasAsked = window.answered(block(first.number), at: at(time))
        #expect(wasAsked)
      }
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

  @Test(
    "Never more than 32 MiB, however fast, nor more than the peer keeps; never fewer than 2, however slow")
  func bounds() {
    #expect(settle(rate: 1e9, roundTrip: 0.3, seconds: 10).target == RequestWindow.maximum)
    #expect(settle(rate: 1e9, roundTrip: 0.3, seconds: 10, allowed: 250).target == 250)
    #expect(settle(rate: 1e9, roundTrip: 0.3, seconds: 1, allowed: 0).target == 1)
    #expect(settle(rate: 5e3, roundTrip: 0.2, seconds: 60).target <= 3)
    var window = RequestWindow()
    #expect(window.allowed == RequestWindow.allowedUntold)
    window.restart()
    #expect(window.target == RequestWindow.minimum)
  }

  @Test("A long line is full after a few round trips: the window doubles with each", arguments: [0.1, 0.3])
  func ramp(roundTrip: Double) {
    let window = settle(rate: 1e9, roundTrip: roundTrip, seconds: 8.5 * roundTrip)
    #expect(window.target == RequestWindow.maximum)
    let before = settle(rate: 1e9, roundTrip: roundTrip, seconds: 4.5 * roundTrip).target
    #expect((200...520).contains(before), "\(before)")
  }

  @Test("A line that becomes faster is filled again, one that becomes slower is not overrun")
  func change() {
    var window = RequestWindow()
    window.allow(5_000)
    var next = 0
    var due = Queue<(time: Double, number: Int)>()
    var (lineFree, time) = (0.0, 0.0)
    func run(_ rate: Double, until end: Double) {
      while time < end {
        for _ in 0..<window.room {
          window.add(block(next), at: at(time))
          lineFree = max(lineFree, time + 0.1) + 16_384 / rate
          due.append((lineFree, next))
          next += 1
        }
        time += 0.01
        while let first = due.elements.first, first.time <= time {
          _ = due.popFirst()
          _ = window.answered(block(first.number), at: at(time))
        }
      }
    }
    run(1e6, until: 10)
    #expect((40...110).contains(window.target), "\(window.target)")
    run(1e8, until: 14)
    #expect((600...1_000).contains(window.target), "\(window.target): 610 are on the line")
    run(1e6, until: 40)
    #expect((40...110).contains(window.target), "\(window.target)")
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
