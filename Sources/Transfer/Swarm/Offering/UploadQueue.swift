import Metainfo

/// The blocks that a peer has asked for, in order, and how many of them the shell has in hand. 12 bytes for each.
struct UploadQueue {
  /// As the wire has it: three numbers of 32 bits.
  private struct Entry: Equatable {
    let piece: UInt32
    let offset: UInt32
    let length: UInt32

    init(_ block: BlockSpan) {
      piece = UInt32(truncatingIfNeeded: block.piece.value)
      offset = UInt32(truncatingIfNeeded: block.offset)
      length = UInt32(truncatingIfNeeded: block.length)
    }

    var block: BlockSpan {
      BlockSpan(piece: PieceIndex(unchecked: Int(piece)), offset: Int(offset), length: Int(length))
    }
  }

  private var entries = Queue<Entry>()
  /// Handed to the shell and not yet with the kernel.
  var inHand = 0

  var count: Int { entries.count }

  var first: BlockSpan? { entries.elements.first?.block }

  mutating func append(_ block: BlockSpan) { entries.append(Entry(block)) }

  mutating func popFirst() -> BlockSpan? { entries.popFirst()?.block }

  /// Takes a cancelled block out; says whether it was still waiting. O(blocks that wait), a few microseconds for the
  /// longest queue.
  mutating func cancel(_ block: BlockSpan) -> Bool {
    guard let index = entries.elements.firstIndex(of: Entry(block)) else { return false }
    entries.remove(at: index)
    return true
  }

  /// Takes out all blocks of a piece. O(blocks that wait).
  mutating func remove(of piece: PieceIndex) -> [BlockSpan] {
    let number = UInt32(truncatingIfNeeded: piece.value)
    let removed = entries.elements.filter { $0.piece == number }
    guard !removed.isEmpty else { return [] }
    for entry in entries.removeAll() where entry.piece != number { entries.append(entry) }
    return removed.map(\.block)
  }

  mutating func removeAll() -> [BlockSpan] { entries.removeAll().map(\.block) }
}
