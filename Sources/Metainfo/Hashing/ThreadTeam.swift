import Glibc

/// Plain threads that do the same work together and end with it. Reading a disk blocks, which the threads of
/// Swift's own pool must not.
enum ThreadTeam {
  /// Processors that this process sees.
  static var processorCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// Calls `work` on `count` threads at once, of which the caller's is one, and returns when all have returned.
  /// When the system has no thread to give, those that exist do all of the work: it must be shared by claiming
  /// parts of it, not by number.
  nonisolated static func run(_ count: Int, _ work: @escaping @Sendable () -> Void) {
    var threads: [pthread_t] = []
    for _ in 1..<max(1, count) {
      guard let thread = start(work) else { break }
      threads.append(thread)
    }
    work()
    for thread in threads { join(thread) }
  }

  /// Calls `work` on a thread of its own, to be joined; `nil` when the system has none to give.
  nonisolated static func start(_ work: @escaping @Sendable () -> Void) -> pthread_t? {
    let box = Unmanaged.passRetained(Work(work))
    var thread = pthread_t()
    let failure = pthread_create(
      &thread, nil,
      { raw in
        if let raw { Unmanaged<Work>.fromOpaque(raw).takeRetainedValue().run() }
        return nil
      }, box.toOpaque())
    guard failure == 0 else {
      box.release()
      return nil
    }
    return thread
  }

  /// Waits for the end of a thread.
  static func join(_ thread: pthread_t) { pthread_join(thread, nil) }

  private final class Work: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }
}
