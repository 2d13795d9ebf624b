/// The peers that a worker could be put on: they unchoke, have what is wanted, and have no worker.
///
/// Those that may have something to fetch are *ready*, the most promising first. One that was tried and had nothing
/// *rests* until there may be something again; who rests is then reconsidered one by one, so that no event costs
/// more than a few steps, however many peers there are. Every operation is O(log peers).
struct WaitingPeers {
  /// How much a worker on a peer promises.
  enum Promise: Hashable {
    /// Has delivered before, so many bytes per second.
    case proven(Int)
    /// Was never asked for anything.
    case untried
    /// Was asked and has never delivered.
    case broken
  }

  /// Ranked by bytes per second, negated.
  private var proven = KeyedHeap<PeerKey, Int>()
  private var untried = WaitingLine<PeerKey>()
  private var broken = WaitingLine<PeerKey>()
  private var resting = WaitingLine<PeerKey>()
  /// Those of the resting that are to be reconsidered.
  private var owed = WaitingLine<PeerKey>()
  /// Who has begun to rest since the last `wake`, which not all have heard, is to be reconsidered too.
  private var isWokenAgain = false

  var readyCount: Int { proven.count + untried.count + broken.count }
  var count: Int { readyCount + resting.count + owed.count }
  var isEmpty: Bool { count == 0 }
  /// Whether nobody is left who may have something to fetch.
  var isSpent: Bool { readyCount == 0 && owed.isEmpty && !isWokenAgain }
  /// Whether a peer is ready that is not known for delivering nothing.
  var hasHope: Bool { !proven.isEmpty || !untried.isEmpty }

  func isReady(_ key: PeerKey) -> Bool {
    proven[key] != nil || untried.contains(key) || broken.contains(key)
  }

  func contains(_ key: PeerKey) -> Bool { isReady(key) || resting.contains(key) || owed.contains(key) }

  /// Makes a peer ready, wherever it was before.
  mutating func insert(_ key: PeerKey, _ promise: Promise) {
    remove(key)
    switch promise {
    case .proven(let pace): proven.set(key, rank: -pace)
    case .untried: untried.join(key)
    case .broken: broken.join(key)
    }
  }

  /// Takes the most promising peer out: proven ones by their pace, then the untried, then the others, each in turn.
  mutating func popBest() -> PeerKey? { proven.popFirst() ?? untried.callFirst() ?? broken.callFirst() }

  /// The peer that may be faster than any: one that was never tried.
  mutating func firstUntried() -> PeerKey? { untried.first() }

  /// The fastest of those that have delivered before.
  var fastest: (key: PeerKey, pace: Int)? { proven.first.map { ($0.key, -$0.rank) } }

  /// This peer has nothing to fetch at present.
  mutating func rest(_ key: PeerKey) {
    remove(key)
    resting.join(key)
  }

  mutating func remove(_ key: PeerKey) {
    _ = proven.remove(key)
    untried.leave(key)
    broken.leave(key)
    resting.leave(key)
    owed.leave(key)
  }

  /// Those that rest may have something again. O(1)
  mutating func wake() {
    guard !resting.isEmpty else { return }
    if owed.isEmpty { swap(&owed, &resting) } else { isWokenAgain = true }
  }

  /// The next of those that are to be reconsidered; it is here no more.
  mutating func callResting() -> PeerKey? {
    if owed.isEmpty, isWokenAgain {
      isWokenAgain = false
      swap(&owed, &resting)
    }
    return owed.callFirst()
  }

  mutating func removeAll() { self = WaitingPeers() }
}
