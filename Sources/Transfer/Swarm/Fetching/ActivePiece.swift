import Metainfo

/// A piece that is being fetched: what is known of each of its blocks.
struct ActivePiece {
  /// One block on its way.
  struct Block {
    /// The peers that were asked and have not answered: one, or more in the end game.
    var askedOf = Askers()
    /// Who delivered it.
    var source: Endpoint?

    var isReceived: Bool { source != nil }
    var isFree: Bool { source == nil && askedOf.isEmpty }
  }

  let piece: PieceIndex
  private(set) var blocks: [Block]
  private(set) var receivedCount = 0
  private(set) var freeCount: Int
  /// No free block is before this one.
  private var firstFree = 0
  /// All blocks are there and the digest is being taken.
  var isBeingChecked = false
  /// Failed before with blocks of several peers: fetched from one peer alone, so that the next failure is proof.
  let isOnParole: Bool

  init(_ piece: PieceIndex, blockCount: Int, isOnParole: Bool) {
    self.piece = piece
    self.isOnParole = isOnParole
    blocks = Array(repeating: Block(), count: blockCount)
    freeCount = blockCount
  }

  var isComplete: Bool { receivedCount == blocks.count }

  /// Everyone who delivered a block, each once.
  var endpoints: [Endpoint] {
    var result: [Endpoint] = []
    for case let source? in blocks.lazy.map(\.source) where !result.contains(source) { result.append(source) }
    return result
  }

  /// The first block that is neither here nor asked for.
  mutating func takeFree(for peer: PeerKey) -> Int? {
    guard freeCount > 0 else { return nil }
    while !blocks[firstFree].isFree { firstFree += 1 }
    ask(firstFree, of: peer)
    return firstFree
  }

  /// Notes that a block has been asked of a peer.
  mutating func ask(_ block: Int, of peer: PeerKey) {
    if blocks[block].isFree { freeCount -= 1 }
    blocks[block].askedOf.insert(peer)
  }

  /// A peer will not deliver this block after all.
  mutating func giveBack(_ block: Int, by peer: PeerKey) {
    guard blocks[block].askedOf.remove(peer) else { return }
    if blocks[block].isFree {
      freeCount += 1
      firstFree = min(firstFree, block)
    }
  }

  /// A block has come. Returns the other peers that were asked for it, or `nil` when it was there already.
  mutating func receive(_ block: Int, from source: Endpoint, key: PeerKey) -> [PeerKey]? {
    guard !blocks[block].isReceived else { return nil }
    if blocks[block].isFree { freeCount -= 1 }
    _ = blocks[block].askedOf.remove(key)
    let others = blocks[block].askedOf.all
    blocks[block].askedOf = Askers()
    blocks[block].source = source
    receivedCount += 1
    return others
  }

  /// Throws away what a source has delivered; returns the numbers of those blocks. O(blocks).
  mutating func forgetBlocks(from source: PeerSource) -> [Int] {
    let forgotten = blocks.indices.filter { blocks[$0].source.map(PeerSource.init) == source }
    for block in forgotten { blocks[block].source = nil }
    receivedCount -= forgotten.count
    freeCount += forgotten.count
    firstFree = min(firstFree, forgotten.first ?? firstFree)
    return forgotten
  }
}
