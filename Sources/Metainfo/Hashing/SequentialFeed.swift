import Synchronization

/// One thread that has a turning disk read the content in order, into the system's cache, a little ahead of the
/// threads that hash it: so the disk moves its head forward only, while the pieces are hashed in parallel.
///
/// How far ahead is bounded, so that what was read is still in the cache when it is wanted.
final class SequentialFeed<Disk: ContentDisk>: Sendable {
  /// Bytes that the kernel reads at one request without cutting it short.
  static var stepLength: Int { 128 * 1024 }
  /// Bytes ahead of what was asked for last.
  static var ahead: Int { 8 << 20 }
  /// Bytes between the first piece that is being hashed and the place that is read, unless one claim is longer.
  static var spread: Int { 128 << 20 }

  private struct State {
    /// Up to here content has been asked for.
    var wanted = 0
    /// The ranges that are claimed and not yet done with; of each thread one.
    var claimed: [Range<Int>] = []
    var isStopped = false
  }

  private let digester: PieceDigester<Disk>
  private let pieces: [PieceIndex]?
  private let state: Monitor<State>
  /// Up to here every piece that was chosen has been read.
  private let position = Atomic(0)

  init(_ digester: PieceDigester<Disk>, _ pieces: [PieceIndex]?) {
    self.digester = digester
    self.pieces = pieces
    state = Monitor(State())
  }

  /// Says that a thread is going to ask for this range of the content.
  func claim(_ range: Range<Int>) {
    state.withLock { $0.claimed.append(range) }
    state.broadcast()
  }

  /// The range that starts here is not asked for any more.
  func release(_ start: Int) {
    state.withLock { $0.claimed.removeAll { $0.lowerBound == start } }
    state.broadcast()
  }

  /// Returns when the content up to `offset`, which is in a range that is claimed, has been read.
  func wait(until offset: Int) {
    guard position.load(ordering: .acquiring) < offset else { return }
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

  /// Reads all of it; the work of one thread, which ends when there is nothing left or after `stop`.
  func run() {
    var reader = ContentReader(
      disk: digester.disk, layout: digester.layout, maximumOpen: 1, path: digester.path)
    var next = 0
    let count = pieces?.count ?? digester.geometry.pieceCount
    while next < count {
      let piece = pieces?[next] ?? PieceIndex(unchecked: next)
      var rest = digester.range(of: piece)
      while !rest.isEmpty {
        guard mayRead(from: rest.lowerBound) else { return }
        let end = min(rest.upperBound, rest.lowerBound + Self.stepLength)
        reader.prefetch(rest.lowerBound..<end)
        rest = end..<rest.upperBound
        advance(to: end)
      }
      next += 1
    }
    advance(to: .max)
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
