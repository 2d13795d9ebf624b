import Platform

/// Who writes which file at the moment, over all content of a session: one thread at a time for each, so that what it sees
/// of the file between two writes is the work of others. (The kernel lets no two write one file at once either.)
final class FileTurns: Sendable {
  private let taken = Monitor<Set<DescriptorPool.Key>>([])

  /// Waits until nobody else has the file's turn, and has it for as long as `body` takes.
  func withTurn<R>(
    of file: DescriptorPool.Key, _ body: () throws(StorageError) -> R
  ) throws(StorageError) -> R {
    taken.wait { $0.insert(file).inserted ? () : nil }
    defer {
      taken.withLock { _ = $0.remove(file) }
      taken.broadcast()
    }
    return try body()
  }
}
