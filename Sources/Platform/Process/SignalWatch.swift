#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Takes the signals that end a process out of the hands of the system, so that a thread can wait for them.
///
/// Make it before any other thread is started: threads inherit what is held back.
package struct SignalWatch: Sendable {
  private let signals: sigset_t
  private let thread: pthread_t

  package enum Event: Hashable, Sendable {
    /// The user, or whoever manages services, wants the end.
    case interrupted
    /// `wake` was called.
    case woken
    /// Nothing came in time.
    case timeout
  }

  package init() {
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in ProcessSignals.endings { sigaddset(&signals, number) }
    sigaddset(&signals, SIGUSR1)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    self.signals = signals
    thread = pthread_self()
  }

  /// Waits; to be called on the thread that made this.
  package func next(within milliseconds: Int) -> Event {
    var signals = signals
    var limit = timespec(tv_sec: milliseconds / 1000, tv_nsec: milliseconds % 1000 * 1_000_000)
    switch sigtimedwait(&signals, nil, &limit) {
    case SIGUSR1: return .woken
    case -1: return .timeout
    default: return .interrupted
    }
  }

  /// Ends a `next` from another thread.
  package func wake() { pthread_kill(thread, SIGUSR1) }
}
