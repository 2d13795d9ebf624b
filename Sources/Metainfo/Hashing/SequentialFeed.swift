import Platform
import Synchronization

/// One thread that has a turning disk read the content in order, into the system's cache, a little ahead of the
/// threads that hash it: so the disk moves its head forward only, while the pieces are hashed in parallel.
///
/// How far ahead is bounded, so that what was read is still in the cache when it is wanted. What is in the cache from
/// the start needs none of this: until reads have gone to the disk, nobody waits for anybody.
final class SequentialFeed<Source: ContentSource>: Sendable {
  /// Bytes that the kernel reads at one request without cutting it short.
  static var stepLength: Int { 128 * 1024 }
  /// Bytes ahead of what was asked for last.
  static var ahead: Int { 16 << 20 }
  /// Bytes between the first piece that is being hashed and the place that is read, unless one claim is longer.
  static var spread: Int { 128 << 20 }

  /// Reads from the disk that are no reason to begin: single pages that the system has dropped.
  static var patience: Int { 4 }

  private struct State {
    /// Up to here content has been asked for.
    var wanted = 0
    /// The ranges that are claimed and not yet done with; of each thread one.
    var claimed: [Range<Int>] = []
    var isNeeded = false
    var isStopped = false
  }

  private let digester: PieceDigester<Source>
  private let pieces: [PieceIndex]?
  private let state: Monitor<State>
  /// Reads that went to the disk.
  private let slowReads = Atomic(0)
  /// Up to here every piece that was chosen has been read.
  private let position = Atomic(0)

  init(_ digester: PieceDigester<Source>, _ pieces: [PieceIndex]?) {
    self.digester = digester
    self.pieces = pieces
    state = Monitor(State())
  }

  /// How many pieces a thread may take: once the disk is needed only so many that the last is read soon after the first.
  var piecesAtATime: Int {
    isEngaged ? max(1, Self.spread / 4 / digester.geometry.pieceLength) : .max
  }

  /// Says that a thread is going to ask for these pieces, which are ascending.
  func claim(_ pieces: [PieceIndex]) {
    guard let first = pieces.first, let last = pieces.last else { return }
    let range = digester.range(of: first).lowerBound..<digester.range(of: last).upperBound
    state.withLock { $0.claimed.append(range) }
    state.broadcast()
  }

  /// The pieces, which were claimed together, are not asked for any more.
  func release(_ pieces: [PieceIndex]) {
    guard let first = pieces.first else { return }
    let start = digester.range(of: first).lowerBound
    state.withLock { $0.claimed.removeAll { $0.lowerBound == start } }
    state.broadcast()
  }

  var isEngaged: Bool { slowReads.load(ordering: .relaxed) >= Self.patience }

  /// Says that a thread's own read went to the disk.
  func noteSlowRead() {
    guard slowReads.wrappingAdd(1, ordering: .relaxed).newValue == Self.patience else { return }
    state.withLock { $0.isNeeded = true }
    state.broadcast()
  }

  /// Returns when the content up to `offset`, which is in a range that is claimed, has been read; at once as long as
  /// reads come from the cache.
  func wait(until offset: Int) {
    guard isEngaged, position.load(ordering: .acquiring) < offset else { return }
    state.withLock { $0.wanted = max($0.wanted, offset) }
    state.broadcast()
    state.wait { state in
      state.isStopped || position.load(ordering: .acquiring) >= offset ? () : nil
    }
  }

  /// Ends `run`, and every wait.
  func stop() {
    state.withLock { $0.isStopped = true }
    state.broadcast()
  }

  /// Reads what is left once it turns out to be needed; the work of one thread, which ends when there is nothing left or
  /// after `stop`.
  func run() {
    guard let start = firstClaim() else { return }
    var reader = digester.source.makeReader(places: 1)
    let count = pieces?.count ?? digester.geometry.pieceCount
    for number in 0..<count {
      let piece = pieces?[number] ?? PieceIndex(unchecked: number)
      var rest = digester.range(of: piece)
      guard rest.lowerBound >= start else { continue }
      while !rest.isEmpty {
        guard mayRead(from: rest.lowerBound) else { return }
        let end = min(rest.upperBound, rest.lowerBound + Self.stepLength)
        reader.prefetch(rest.lowerBound..<end)
        rest = end..<rest.upperBound
        advance(to: end)
      }
    }
    advance(to: .max)
  }

  /// Where to begin, once that is needed; `nil` after `stop`.
  private func firstClaim() -> Int? {
    state.wait { state -> Int?? in
      if state.isStopped { return .some(nil) }
      guard state.isNeeded else { return nil }
      return .some(state.claimed.lazy.map(\.lowerBound).min() ?? 0)
    }
  }

  private func advance(to end: Int) {
    // Under the lock, since otherwise it could fall between a look at the place and the wait for it.
    state.withLock { _ in position.store(end, ordering: .releasing) }
    state.broadcast()
  }

  /// Waits until it is time to read from `offset` on; false after `stop`.
  private func mayRead(from offset: Int) -> Bool {
    state.wait { state in
      if state.isStopped { return false }
      guard let first = state.claimed.min(by: { $0.lowerBound < $1.lowerBound }) else {
        return offset < Self.ahead ? true : nil
      }
      let limit = min(
        state.wanted + Self.ahead, max(first.upperBound, first.lowerBound + Self.spread))
      return offset < limit ? true : nil
    }
  }
}
