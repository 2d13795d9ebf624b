import Metainfo

/// The blocks that a peer has asked for, in order, and how many of them the shell has in hand.
struct UploadQueue {
  private var blocks = Queue<BlockSpan>()
  /// Handed to the shell and not yet with the kernel.
  var inHand = 0

  var count: Int { blocks.count }

  mutating func append(_ block: BlockSpan) { blocks.append(block) }

  mutating func popFirst() -> BlockSpan? { blocks.popFirst() }

  /// Takes a cancelled block out; says whether it was still waiting.
  mutating func cancel(_ block: BlockSpan) -> Bool {
    guard let index = blocks.elements.firstIndex(of: block) else { return false }
    blocks.remove(at: index)
    return true
  }

  mutating func removeAll() -> [BlockSpan] { blocks.removeAll() }
}
