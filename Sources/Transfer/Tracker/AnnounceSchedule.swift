import Metainfo

/// When one torrent is announced, to whom and with which event (BEP 3, BEP 12). Performs nothing: it is told
/// what happened, and `next` says what to do.
///
/// At most one announce is under way until `stop`. A tracker that has not yet answered one gets `started`
/// first; one that has answered is told `stopped` at the end.
public struct AnnounceSchedule: Sendable {
  /// One announce to make.
  public struct Announce: Hashable, Sendable {
    public let tracker: TrackerRotation.Tracker
    public let event: AnnounceEvent?
    public let trackerID: [UInt8]?
  }

  /// What to do next.
  public enum Step: Hashable, Sendable {
    /// Make this announce now, and report `answered` or `failed`.
    case announce(Announce)
    /// Nothing until then, unless something happens.
    case wait(until: Instant)
    /// Nothing until something happens: an announce is under way, or there is nobody to ask, or it is over.
    case idle
  }

  private let spread: Double
  private var rotation: TrackerRotation
  private var backOff = AnnounceBackOff()
  private var underWay: Announce?
  /// When the next announce is due, and the earliest moment it may be moved to.
  private var due: Instant
  private var earliest: Instant
  private var isCompletionUntold = false
  private var isStopped = false
  /// Trackers that have answered, with the `tracker id` they gave.
  private var joined: [(tracker: TrackerRotation.Tracker, id: [UInt8]?)] = []

  /// - Parameter spread: by which share of an interval each announce comes later than it might, so that torrents that
  ///   were added together do not ask together for ever.
  public init(
    _ announce: AnnounceTiers, at now: Instant, spread: Double = 0,
    using random: inout some RandomNumberGenerator
  ) {
    self.spread = spread
    rotation = TrackerRotation(announce, using: &random)
    due = now
    earliest = now
  }

  /// Trackers that can't be asked, and why.
  public var unusable: [(text: String, reason: HTTPURLError)] { rotation.unusable }

  public var isEmpty: Bool { rotation.isEmpty }

  /// When the next announce is due; meaningful while none is under way.
  public var nextDue: Instant { due }

  /// What to do at this moment.
  public mutating func next(at now: Instant) -> Step {
    guard !isStopped, underWay == nil, let tracker = rotation.current else { return .idle }
    guard now >= due else { return .wait(until: due) }
    let membership = joined.first { $0.tracker == tracker }
    let event: AnnounceEvent? = membership == nil ? .started : isCompletionUntold ? .completed : nil
    let announce = Announce(tracker: tracker, event: event, trackerID: membership?.id)
    underWay = announce
    return .announce(announce)
  }

  /// The announce under way was answered.
  public mutating func answered(_ response: AnnounceResponse, at now: Instant) {
    guard let announce = underWay.take() else { return }
    if let place = joined.firstIndex(where: { $0.tracker == announce.tracker }) {
      if let id = response.trackerID { joined[place].id = id }
    } else {
      joined.append((announce.tracker, response.trackerID))
    }
    rotation.succeeded()
    backOff.reset()
    earliest = now + response.minimumInterval
    let interval = max(response.interval, response.minimumInterval)
    due = now + interval + Instant.Span(nanoseconds: Int64(Double(interval.nanoseconds) * spread))
    if announce.event == .completed {
      isCompletionUntold = false
    } else if isCompletionUntold {
      // It happened while this announce was under way; an event need not wait for the interval.
      due = now
    }
  }

  /// The announce under way has failed: the next tracker follows at once, or after a pause when all have
  /// failed.
  public mutating func failed(at now: Instant, using random: inout some RandomNumberGenerator) {
    guard underWay.take() != nil else { return }
    due = rotation.failed() ? now : now + backOff.next(using: &random)
    earliest = due
  }

  /// The download is complete, and has not been before: told at once.
  public mutating func completed(at now: Instant) {
    isCompletionUntold = true
    guard !joined.isEmpty else { return }
    due = min(due, now)
  }

  /// More peers are wanted: the next announce comes as early as the tracker allows.
  public mutating func wantsPeers(at now: Instant) { due = min(due, max(now, earliest)) }

  /// A person wants the trackers to be asked now, whatever the intervals.
  public mutating func retry(at now: Instant) {
    backOff.reset()
    due = min(due, now)
  }

  /// The end: no announce follows but those returned, one for each tracker that counts this client in (or
  /// may, its answer being under way).
  public mutating func stop() -> [Announce] {
    guard !isStopped else { return [] }
    isStopped = true
    if let announce = underWay.take(), !joined.contains(where: { $0.tracker == announce.tracker }) {
      joined.append((announce.tracker, nil))
    }
    return joined.map { Announce(tracker: $0.tracker, event: .stopped, trackerID: $0.id) }
  }
}
