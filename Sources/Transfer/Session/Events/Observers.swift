/// Who listens to the decisions about one torrent. Lives on the network thread.
struct Observers {
  typealias Continuation = AsyncStream<TorrentObservation>.Continuation

  private var continuations: [Int: Continuation] = [:]
  private var last = 0

  var isEmpty: Bool { continuations.isEmpty }

  mutating func add(_ continuation: Continuation) -> Int {
    last += 1
    continuations[last] = continuation
    return last
  }

  mutating func remove(_ number: Int) { continuations[number] = nil }

  /// Whoever has gone without a word is forgotten.
  mutating func tell(_ observation: TorrentObservation) {
    for (number, continuation) in continuations {
      if case .terminated = continuation.yield(observation) { continuations[number] = nil }
    }
  }

  /// There will be no more.
  mutating func finish() {
    for continuation in continuations.values { continuation.finish() }
    continuations = [:]
  }
}
