import Platform

/// The events that one subscriber has yet to read: a bounded number, and a count of those that found no room.
///
/// What passes is not kept when the buffer is full. What a subscriber decides by, such as the end of a download, still is,
/// up to twice the bound, at which everything is lost alike.
final class EventSubscription: Sendable {
  private struct State {
    var queue = Queue<SessionEvent>()
    var missed = 0
    var isFinished = false
    var reader: CheckedContinuation<SessionEvent?, Never>?
  }

  private let state = Lock(State())
  private let wanted: PassingEvents
  private let capacity: Int

  init(_ wanted: PassingEvents = .all, capacity: Int) {
    self.wanted = wanted
    self.capacity = max(1, capacity)
  }

  /// O(1), and never waits.
  func yield(_ event: SessionEvent) {
    guard wanted.isSuperset(of: event.passing) else { return }
    let reader: CheckedContinuation<SessionEvent?, Never>? = state.withLock { state in
      guard !state.isFinished else { return nil }
      if let reader = state.reader.take() { return reader }
      if state.queue.count < (event.passing.isEmpty ? 2 * capacity : capacity) {
        state.queue.append(event)
      } else {
        state.missed += 1
      }
      return nil
    }
    reader?.resume(returning: event)
  }

  func finish() {
    let reader = state.withLock { state in
      state.isFinished = true
      return state.reader.take()
    }
    reader?.resume(returning: nil)
  }

  /// The next event, `nil` at the end and when the reading task is cancelled. For one reader at a time: a second one gets
  /// `nil`.
  func next() async -> SessionEvent? {
    await withTaskCancellationHandler {
      await withCheckedContinuation { reader in
        enum Answer { case event(SessionEvent?), wait }
        let answer: Answer = state.withLock { state in
          if let event = state.queue.popFirst() { return .event(event) }
          if state.missed > 0 {
            defer { state.missed = 0 }
            return .event(.missed(state.missed))
          }
          guard !state.isFinished, state.reader == nil, !Task.isCancelled else { return .event(nil) }
          state.reader = reader
          return .wait
        }
        if case .event(let event) = answer { reader.resume(returning: event) }
      }
    } onCancel: {
      let reader = state.withLock { $0.reader.take() }
      reader?.resume(returning: nil)
    }
  }
}
