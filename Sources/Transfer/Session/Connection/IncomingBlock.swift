import Metainfo

/// A block that is coming in, and where it goes.
struct IncomingBlock {
  let raw: RawBlock
  let place: BlockPlace
  var received = 0

  var span: BlockSpan { place.span }
  var remaining: Int { span.length - received }

  var room: UnsafeMutableRawBufferPointer { UnsafeMutableRawBufferPointer(rebasing: place.room[received...]) }
}

/// Where a block's bytes go.
struct BlockPlace {
  let span: BlockSpan
  /// Keeps `room` alive.
  let buffer: PieceBuffer
  let room: UnsafeMutableRawBufferPointer
  /// The room is not in the piece's own buffer: another peer is sending the same block into that.
  let isAside: Bool
}
