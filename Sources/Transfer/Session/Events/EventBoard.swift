import Platform

/// Who is told what happens in a session. A subscriber that has let go of its events is forgotten.
final class EventBoard: Sendable {
  private struct State {
    var subscribers: [Weak] = []
    /// Where the session listens: told to each newcomer.
    var listening: [SessionEvent] = []
    var isFinished = false
  }

  private struct Weak {
    weak var subscription: EventSubscription?
  }

  private let state = Lock(State())

  func subscribe(_ wanted: PassingEvents = .all, capacity: Int) -> SessionEvents {
    let subscription = EventSubscription(wanted, capacity: capacity)
    let isFinished = state.withLock { state in
      for event in state.listening { subscription.yield(event) }
      state.subscribers.append(Weak(subscription: subscription))
      return state.isFinished
    }
    if isFinished { subscription.finish() }
    return SessionEvents(subscription: subscription)
  }

  /// O(subscribers).
  func post(_ event: SessionEvent) {
    let subscriptions = state.withLock { state in
      if case .listening = event { state.listening.append(event) }
      return Self.present(&state)
    }
    for subscription in subscriptions { subscription.yield(event) }
  }

  func finish() {
    let subscriptions = state.withLock { state in
      state.isFinished = true
      return Self.present(&state)
    }
    for subscription in subscriptions { subscription.finish() }
  }

  private static func present(_ state: inout State) -> [EventSubscription] {
    let present = state.subscribers.compactMap(\.subscription)
    if present.count < state.subscribers.count { state.subscribers.removeAll { $0.subscription == nil } }
    return present
  }
}
