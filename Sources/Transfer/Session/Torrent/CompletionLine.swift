/// Who waits for a torrent to be complete.
struct CompletionLine {
  typealias Continuation = CheckedContinuation<TransferSummary, any Error>

  private var waiting: [Int: Continuation] = [:]
  private var lastTicket = 0
  /// Those who have a ticket and have yet to join, with whether they were cancelled meanwhile.
  private var arriving: [Int: Bool] = [:]
  private var outcome: Result<TransferSummary, TransferError>?

  /// The name of somebody who is about to join.
  mutating func takeTicket() -> Int {
    lastTicket += 1
    arriving[lastTicket] = false
    return lastTicket
  }

  /// Waits, or hears at once what the outcome was.
  mutating func join(_ ticket: Int, _ continuation: Continuation) {
    if arriving.removeValue(forKey: ticket) == true {
      return continuation.resume(throwing: CancellationError())
    }
    switch outcome {
    case .success(let summary): continuation.resume(returning: summary)
    case .failure(let error): continuation.resume(throwing: error)
    case nil: waiting[ticket] = continuation
    }
  }

  /// Waits no longer.
  mutating func cancel(_ ticket: Int) {
    if arriving[ticket] != nil { arriving[ticket] = true }
    waiting.removeValue(forKey: ticket)?.resume(throwing: CancellationError())
  }

  mutating func complete(_ summary: TransferSummary) {
    outcome = .success(summary)
    for continuation in leave() { continuation.resume(returning: summary) }
  }

  mutating func fail(_ error: TransferError) {
    outcome = .failure(error)
    for continuation in leave() { continuation.resume(throwing: error) }
  }

  /// It is open again what the outcome will be.
  mutating func reopen() { outcome = nil }

  private mutating func leave() -> Dictionary<Int, Continuation>.Values {
    defer { waiting = [:] }
    return waiting.values
  }
}
