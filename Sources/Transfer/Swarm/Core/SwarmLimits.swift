/// What the user may set.
public struct SwarmLimits: Sendable {
  /// Pieces fetched in parallel, each from a peer of its own.
  public var maxWorkers = 16
  public var isSequential = false
  /// Whether missing pieces are fetched.
  public var downloads = true
  /// A peer that was asked and has delivered no whole block for this long loses its worker.
  public var stallAllowed = Instant.Span.seconds(20)

  /// How places to upload to are given and taken.
  public var choking = ChokingTimes()

  public init() {}
}
