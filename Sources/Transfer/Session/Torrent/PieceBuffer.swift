import Metainfo

/// The memory of one piece under way: blocks are received into it, its digest is taken of it, and it is written
/// to disk from it.
///
/// One thread at a time has it: the network thread while blocks come, then a worker until the check is done.
final class PieceBuffer: @unchecked Sendable {
  let bytes: UnsafeMutableRawBufferPointer

  init(capacity: Int) {
    bytes = .allocate(byteCount: capacity, alignment: 64)
  }

  deinit { bytes.deallocate() }

  /// The room for one block.
  func room(for block: BlockSpan) -> UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(rebasing: bytes[block.offset..<block.offset + block.length])
  }
}

/// The buffers of the pieces under way. Those that are done with are kept for the next piece: fresh memory costs
/// the kernel as much as receiving into it.
struct PieceBuffers {
  private let capacity: Int
  private var used: [PieceIndex: PieceBuffer] = [:]
  private var free: [PieceBuffer] = []

  /// - Parameter capacity: bytes of a full piece.
  init(capacity: Int) { self.capacity = capacity }

  /// The buffer of this piece, made when its first block comes.
  mutating func buffer(of piece: PieceIndex) -> PieceBuffer {
    if let buffer = used[piece] { return buffer }
    let buffer = free.popLast() ?? PieceBuffer(capacity: capacity)
    used[piece] = buffer
    return buffer
  }

  /// Hands the buffer over for a check; a new one is made if the piece is begun again meanwhile.
  mutating func take(_ piece: PieceIndex) -> PieceBuffer? { used.removeValue(forKey: piece) }

  mutating func discard(_ piece: PieceIndex, keptBytes: Int) {
    if let buffer = used.removeValue(forKey: piece) { giveBack(buffer, keptBytes: keptBytes) }
  }

  var isIdle: Bool { used.isEmpty }

  /// No piece is to come, or none for a while.
  mutating func releaseFree() { free = [] }

  /// - Parameter keptBytes: of buffers, those in use among them, that may be kept for later.
  mutating func giveBack(_ buffer: PieceBuffer, keptBytes: Int) {
    if (used.count + free.count) * capacity < keptBytes { free.append(buffer) }
  }
}
