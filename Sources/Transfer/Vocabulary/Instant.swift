/// A moment on a clock that never goes back; only differences mean anything.
///
/// The core is told the time with every input and never asks for it.
public struct Instant: Hashable, Comparable, Sendable {
  /// Nanoseconds since some fixed moment.
  public var nanoseconds: Int64

  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  public static func < (a: Instant, b: Instant) -> Bool { a.nanoseconds < b.nanoseconds }

  public static func + (instant: Instant, span: Span) -> Instant {
    Instant(nanoseconds: instant.nanoseconds + span.nanoseconds)
  }

  public static func - (a: Instant, b: Instant) -> Span {
    Span(nanoseconds: a.nanoseconds - b.nanoseconds)
  }
}

extension Instant {
  /// A length of time. (The standard library's `Duration` counts attoseconds in 128 bits, which costs more than
  /// a per-block path should pay.)
  public struct Span: Hashable, Comparable, Sendable {
    public var nanoseconds: Int64

    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    public static let zero = Span(nanoseconds: 0)
    /// A span of so many seconds.
    public static func seconds(_ n: Int) -> Span { Span(nanoseconds: Int64(n) * 1_000_000_000) }
    /// A span of so many milliseconds.
    public static func milliseconds(_ n: Int) -> Span { Span(nanoseconds: Int64(n) * 1_000_000) }

    public var seconds: Double { Double(nanoseconds) / 1e9 }

    public static func < (a: Span, b: Span) -> Bool { a.nanoseconds < b.nanoseconds }
    public static func + (a: Span, b: Span) -> Span { Span(nanoseconds: a.nanoseconds + b.nanoseconds) }
    public static func * (a: Span, n: Int) -> Span { Span(nanoseconds: a.nanoseconds * Int64(n)) }
  }
}
