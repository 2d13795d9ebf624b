import Metainfo

/// The blocks that a peer has asked for, in order, and how many of them the shell has in hand.
struct UploadQueue {
  private var blocks = Queue<BlockSpan>()
  /// Handed to the shell and not yet with the kernel.
  var inHand = 0

  var count: Int { blocks.count }

  var first: BlockSpan? { blocks.elements.first }

  mutating func append(_ block: BlockSpan) { blocks.append(block) }

  mutating func popFirst() -> BlockSpan? { blocks.popFirst() }

  /// Takes a cancelled block out; says whether it was still waiting.
  mutating func cancel(_ block: BlockSpan) -> Bool {
    guard let index = blocks.elements.firstIndex(of: block) else { return false }
    blocks.remove(at: index)
    return true
  }

  /// Takes out all blocks of a piece. O(blocks that wait).
  mutating func remove(of piece: PieceIndex) -> [BlockSpan] {
    let removed = blocks.elements.filter { $0.piece == piece }
    guard !removed.isEmpty else { return [] }
    for block in blocks.removeAll() where block.piece != piece { blocks.append(block) }
    return removed
  }

  mutating func removeAll() -> [BlockSpan] { blocks.removeAll() }
}
