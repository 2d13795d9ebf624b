internal import Synchronization

/// Whether the result of work on other threads is wanted no more.
package final class CancellationFlag: Sendable {
  private let flag = Atomic(false)

  package init() {}

  package var isSet: Bool { flag.load(ordering: .relaxed) }
  package func set() { flag.store(true, ordering: .relaxed) }
}

extension PlainThread {
  /// Does work that blocks on a thread of its own, and waits for it without holding one of the concurrency runtime's.
  ///
  /// When the waiting task is cancelled the flag is set, which the work should heed: `CancellationError` is thrown when it
  /// has ended.
  package static func result<Value: Sendable>(
    named name: String, of work: @escaping @Sendable (CancellationFlag) -> Value
  ) async throws -> Value {
    let flag = CancellationFlag()
    return try await withTaskCancellationHandler {
      try Task.checkCancellation()
      let value = try await withCheckedThrowingContinuation { (done: CheckedContinuation<Value, any Error>) in
        do throws(SystemError) {
          try start(named: name) { done.resume(returning: work(flag)) }.detach()
        } catch { done.resume(throwing: error) }
      }
      // What has been cut short is no result.
      if flag.isSet { throw CancellationError() }
      return value
    } onCancel: {
      flag.set()
    }
  }
}
