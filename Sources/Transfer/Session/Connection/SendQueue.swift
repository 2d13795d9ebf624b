import Metainfo

/// What is to be sent over a connection, in order: messages, and blocks that go from their file to the stream.
///
/// All messages lie in one buffer, which is used again: nothing is allocated once it has grown to what one turn of
/// the loop brings.
struct SendQueue {
  enum Item {
    /// So many bytes of messages.
    case bytes(Int)
    case block(BlockSpan)
  }

  /// Room that is kept for later; what a flood has made of it is given back.
  private static let keptRoom = 16 << 10

  private var bytes: [UInt8] = []
  /// What of `bytes` has been sent.
  private var bytesHead = 0
  /// Messages between two blocks are one item.
  private var items: [Item] = []
  private var head = 0
  /// What of the block at the front, with its header, has been sent.
  private(set) var progress = 0

  var isEmpty: Bool { head == items.count }
  var hasMore: Bool { items.count - head > 1 }
  /// Bytes of messages that wait: a peer that asks and never reads must not grow this without end.
  var messageBytes: Int { bytes.count - bytesHead }

  mutating func append(_ message: Message) {
    let before = bytes.count
    message.encode(into: &bytes)
    extend(by: bytes.count - before)
  }

  mutating func append(_ handshake: Handshake) {
    bytes += handshake.encoded
    extend(by: Handshake.length)
  }

  mutating func append(_ block: BlockSpan) { items.append(.block(block)) }

  private mutating func extend(by count: Int) {
    if !isEmpty, case .bytes(let before) = items[items.count - 1] {
      items[items.count - 1] = .bytes(before + count)
    } else {
      items.append(.bytes(count))
    }
  }

  var first: Item? { head < items.count ? items[head] : nil }

  /// Gives the first `count` bytes of messages to `send`.
  func withBytes<Result>(_ count: Int, _ send: (UnsafeRawBufferPointer) -> Result) -> Result {
    bytes.withUnsafeBytes { send(UnsafeRawBufferPointer(rebasing: $0[bytesHead..<bytesHead + count])) }
  }

  /// So many bytes of the first item have been sent. Returns the block whose last byte was among them.
  mutating func advance(_ count: Int) -> BlockSpan? {
    switch items[head] {
    case .bytes(let waiting):
      bytesHead += count
      if count < waiting { items[head] = .bytes(waiting - count) } else { popFirst() }
      reclaimBytes()
      return nil
    case .block(let block):
      progress += count
      guard progress == RawBlock.headerLength + block.length else { return nil }
      progress = 0
      popFirst()
      return block
    }
  }

  /// Leaves out the first item, a block of which nothing has been sent.
  mutating func dropFirstBlock() {
    precondition(progress == 0)
    popFirst()
  }

  private mutating func reclaimBytes() {
    if bytesHead == bytes.count {
      bytes.removeAll(keepingCapacity: bytes.capacity <= Self.keptRoom)
      bytesHead = 0
    } else if bytesHead >= Self.keptRoom {
      bytes.removeFirst(bytesHead)
      bytesHead = 0
    }
  }

  private mutating func popFirst() {
    head += 1
    if head == items.count {
      items.removeAll(keepingCapacity: true)
      head = 0
    } else if head >= 256 {
      items.removeFirst(head)
      head = 0
    }
  }
}
