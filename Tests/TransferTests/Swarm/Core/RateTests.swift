import Testing

@testable import Transfer

@Suite("Rates and limits")
struct RateTests {
  private func at(_ seconds: Double) -> Instant { Instant(nanoseconds: Int64(seconds * 1e9)) }

  @Test("A steady stream measures as itself", arguments: [1_000, 1_000_000, 1_000_000_000])
  func steady(rate: Int) {
    var meter = RateMeter()
    for step in 0..<1_000 {
      meter.add(rate / 100, at: at(5 + Double(step) / 100))
      if step > 50, step % 10 == 9 {
        let measured = meter.rate(at: at(5 + Double(step + 1) / 100))
        #expect((rate * 85 / 100...rate * 115 / 100).contains(measured), "\(measured) after \(step) steps")
      }
    }
    #expect(meter.total == rate * 10)
  }

  @Test("Silence fades to zero within four seconds, and a long one is no trouble")
  func fading() {
    var meter = RateMeter()
    #expect(meter.rate(at: at(1)) == 0)
    meter.add(1_000_000, at: at(1))
    let soon = meter.rate(at: at(3))
    let late = meter.rate(at: at(5.1))
    let never = meter.rate(at: at(1e6))
    meter.add(500, at: at(1e6))
    let again = meter.rate(at: at(1e6))
    #expect(soon > 0 && late == 0 && never == 0 && again > 0)
  }

  @Test("Time that stands still or goes back does not trap")
  func time() {
    var meter = RateMeter()
    var bucket = TokenBucket(rate: 1000)
    for seconds in [5.0, 5, 3, 0, -1, 4, 100] {
      meter.add(10, at: at(seconds))
      _ = meter.rate(at: at(seconds))
      _ = bucket.isOpen(at: at(seconds))
    }
    #expect(meter.total == 70)
  }

  @Test(
    "No limit is always open; a limit lets its rate through, and blocks larger than a burst",
    arguments: [
      1_000, 50_000, 10_000_000,
    ])
  func bucket(rate: Int) {
    var free = TokenBucket(rate: nil)
    free.take(.max)
    let isOpen = free.isOpen(at: at(0))
    #expect(isOpen && !free.isLimited)
    var bucket = TokenBucket(rate: rate)
    var passed = 0
    let seconds = 200.0
    for step in 0..<Int(seconds * 4) {
      while bucket.isOpen(at: at(Double(step) / 4)) {
        bucket.take(16_384)
        passed += 16_384
      }
    }
    let expected = rate * Int(seconds)
    #expect((expected * 9 / 10...expected * 11 / 10 + 32_768).contains(passed), "\(passed) of \(expected)")
  }

  @Test("A limit of nothing lets nothing through", arguments: [0, -1])
  func closed(rate: Int) {
    var bucket = TokenBucket(rate: rate)
    let isOpen = [0.0, 1, 100].map { bucket.isOpen(at: at($0)) }
    #expect(isOpen == [false, false, false])
  }
}
