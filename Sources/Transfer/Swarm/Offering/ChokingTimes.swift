/// How long who may ask, and when that changes.
public struct ChokingTimes: Hashable, Sendable {
  /// Between two choices among all that are interested.
  public var round = Instant.Span.seconds(10)
  /// For which the place that goes round stays with one peer.
  public var optimistic = Instant.Span.seconds(30)
  /// A slot that has not been used for this long goes to a peer that waits.
  public var unused = Instant.Span.seconds(3)
  /// A slot that has not been used for this long goes to a peer that has just become interested: a round trip, and some
  /// time to ask.
  public var grace = Instant.Span.milliseconds(500)

  public init() {}
}
