/// Plain threads that do the same work together and end with it. Reading a disk blocks, which the threads of
/// Swift's own pool must not.
package enum ThreadTeam {
  /// Calls `work` on `count` threads at once, of which the caller's is one, and returns when all have returned.
  /// When the system has no thread to give, those that exist do all of the work: it must be shared by claiming
  /// parts of it, not by number.
  /// - Parameter name: Of the threads, for debuggers.
  package nonisolated static func run(
    _ count: Int, named name: String = "team", _ work: @escaping @Sendable () -> Void
  ) {
    var threads: [PlainThread] = []
    for _ in 1..<max(1, count) {
      guard let thread = try? PlainThread.start(named: name, work) else { break }
      threads.append(thread)
    }
    work()
    for thread in threads { thread.join() }
  }
}
