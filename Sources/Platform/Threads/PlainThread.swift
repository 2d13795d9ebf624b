import CLinux

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A thread of our own, outside the concurrency runtime's pool: one that may block.
///
/// Every signal is blocked in it, so that signals are handled where the program wants them. When it wakes while the
/// processor is busy it waits until the one that runs has finished or used up its time: where a sender and a receiver share
/// a processor, the receiver would else interrupt the sender for every 64 KiB, and 1 GiB over loopback takes a tenth longer.
package struct PlainThread: Sendable {
  private let id: pthread_t

  /// The function is nonisolated on purpose: a closure made in an isolated context and handed to C would
  /// inherit the isolation and trap on the new thread.
  /// - Parameter name: for debuggers; at most 15 bytes are kept.
  package static func start(named name: String, _ body: @escaping @Sendable () -> Void) throws(SystemError)
    -> PlainThread
  {
    let start = Unmanaged.passRetained(Start(name: name, body: body))
    var everything = sigset_t()
    var before = sigset_t()
    sigfillset(&everything)
    pthread_sigmask(SIG_SETMASK, &everything, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    var id = pthread_t()
    let result = pthread_create(
      &id, nil,
      { argument in
        guard let argument else { return nil }
        let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
        linux_name_thread(start.name)
        linux_work_in_batches()
        start.body()
        return nil
      }, start.toOpaque())
    guard result == 0 else {
      start.release()
      throw SystemError("pthread_create", cause: Errno(result))
    }
    return PlainThread(id: id)
  }

  /// Waits for its end; once only, and never from the thread itself.
  package func join() { pthread_join(id, nil) }

  /// Instead of `join`: nobody will wait for it.
  package func detach() { pthread_detach(id) }

  package var isCurrent: Bool { pthread_equal(id, pthread_self()) != 0 }

  private final class Start: Sendable {
    let name: String
    let body: @Sendable () -> Void
    init(name: String, body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }
  }
}
