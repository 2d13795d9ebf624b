import Metainfo

/// Which connection is sending which block into its piece. Every operation is O(1), and allocates nothing once
/// there is room for a block of every peer.
///
/// What it says may be out of date, for a connection can end or let go of a block at any time: whoever asks looks
/// whether that connection really has the block coming in.
struct IncomingTable {
  private var senders: [UInt64: PeerKey] = [:]

  subscript(block: BlockSpan) -> PeerKey? { senders[Self.number(block)] }

  mutating func note(_ block: BlockSpan, from key: PeerKey) { senders[Self.number(block)] = key }

  /// The block does not come from there any more.
  mutating func remove(_ block: BlockSpan, from key: PeerKey) {
    let number = Self.number(block)
    if senders[number] == key { senders[number] = nil }
  }

  private static func number(_ block: BlockSpan) -> UInt64 {
    UInt64(truncatingIfNeeded: block.piece.value) << 32 | UInt64(truncatingIfNeeded: block.offset)
  }
}
