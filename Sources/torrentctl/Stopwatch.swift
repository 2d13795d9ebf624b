import Platform

/// Seconds since it was made, by a clock that never goes back.
struct Stopwatch: Sendable {
  private let start = Clock.monotonic

  var seconds: Double { Double(Clock.monotonic - start) / 1e9 }
}
