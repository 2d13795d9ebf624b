/// What a session tells one subscriber, from the subscription to the session's end: first where the session listens, then
/// each event as it happens. See `Session.events(buffering:)`.
///
/// A subscriber that reads too slowly misses events, and is told how many: `SessionEvent.missed`.
public struct SessionEvents: AsyncSequence, Sendable {
  public typealias Element = SessionEvent
  public typealias Failure = Never

  let subscription: EventSubscription

  public func makeAsyncIterator() -> Iterator { Iterator(subscription: subscription) }

  /// Reads the events. One iterator of a subscription reads at a time.
  public struct Iterator: AsyncIteratorProtocol {
    let subscription: EventSubscription

    public mutating func next() async -> SessionEvent? { await subscription.next() }

    public mutating func next(isolation: isolated (any Actor)?) async -> SessionEvent? {
      await subscription.next()
    }
  }
}
