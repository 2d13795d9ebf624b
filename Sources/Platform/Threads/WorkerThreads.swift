/// A few plain threads for work that blocks: disk, digests, name look-ups.
///
/// Work is taken in the order it came. Nobody who hands in work ever waits: when the queue is full the work is
/// refused, and whoever has so much of it keeps count of its own share.
package final class WorkerThreads: Sendable {
  private struct State {
    /// A ring: `count` pieces of work from `head` on.
    var queue: [(@Sendable () -> Void)?]
    var head = 0
    var count = 0
    var isClosed = false
    var threads: [PlainThread] = []
  }

  private let state: Monitor<State>

  /// - Parameters:
  ///   - count: how many threads.
  ///   - capacity: how much work may wait, beside what is being done.
  package init(_ count: Int, capacity: Int = 4096, named name: String = "worker") throws(SystemError) {
    precondition(count > 0 && capacity > 0)
    let state = Monitor(State(queue: Array(repeating: nil, count: capacity)))
    self.state = state
    for _ in 0..<count {
      do {
        let thread = try PlainThread.start(named: name) { Self.run(state) }
        state.withLock { $0.threads.append(thread) }
      } catch {
        shutdown()
        throw error
      }
    }
  }

  /// `false`: the queue is full, or has been shut down, and `body` will not run.
  package func submit(_ body: @escaping @Sendable () -> Void) -> Bool {
    let isAccepted = state.withLock { state in
      guard !state.isClosed, state.count < state.queue.count else { return false }
      state.queue[(state.head + state.count) % state.queue.count] = body
      state.count += 1
      return true
    }
    if isAccepted { state.signal() }
    return isAccepted
  }

  /// Takes no more work, and returns when what was accepted is done and the threads have ended. Not for one of
  /// the threads themselves.
  package func shutdown() {
    let threads = state.withLock { state in
      state.isClosed = true
      defer { state.threads = [] }
      return state.threads
    }
    state.broadcast()
    for thread in threads {
      precondition(!thread.isCurrent, "a worker can't wait for itself")
      thread.join()
    }
  }

  private static func run(_ state: Monitor<State>) {
    while let body = next(state) { body() }
  }

  /// `nil` at the end.
  private static func next(_ state: Monitor<State>) -> (@Sendable () -> Void)? {
    state.wait { state -> (@Sendable () -> Void)?? in
      guard state.count > 0 else { return state.isClosed ? .some(nil) : nil }
      let body = state.queue[state.head].take()
      state.head = (state.head + 1) % state.queue.count
      state.count -= 1
      return body
    }
  }
}
