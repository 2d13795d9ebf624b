/// Kinds of events of which many come, and the next says more than the last. A subscriber can do without them, which spares
/// the session the work of waking it; what it decides by, such as the end of a download, comes always.
public struct PassingEvents: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let refused = PassingEvents(rawValue: 1 << 0)
  public static let peers = PassingEvents(rawValue: 1 << 1)
  public static let pieces = PassingEvents(rawValue: 1 << 2)
  public static let progress = PassingEvents(rawValue: 1 << 3)
  public static let trackers = PassingEvents(rawValue: 1 << 4)
  public static let all: PassingEvents = [.refused, .peers, .pieces, .progress, .trackers]
}

extension SessionEvent {
  /// Its kind, if it is one of those; empty otherwise.
  var passing: PassingEvents {
    switch self {
    case .refused: .refused
    case .peer: .peers
    case .piece: .pieces
    case .progress: .progress
    case .tracker: .trackers
    case .listening, .verified, .completed, .warning, .failed, .removed, .missed: []
    }
  }
}
