#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The system's clocks.
package enum Clock {
  /// Nanoseconds since some fixed moment, by a clock that never goes back.
  package static var monotonic: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  /// Seconds since 1970, by the clock on the wall, which may be set back.
  package static var wall: Int { Int(time(nil)) }
}
