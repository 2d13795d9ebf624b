import Platform

/// What several threads report.
final class Counter: Sendable {
  private let storage = Lock<[Int]>([])
  var values: [Int] { storage.withLock { $0 } }
  func append(_ value: Int) { storage.withLock { $0.append(value) } }
}
