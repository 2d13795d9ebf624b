import Metainfo

/// What is to be sent over a connection, in order: messages, and blocks that go from their file to the socket.
struct SendQueue {
  enum Item {
    case bytes
    case block(BlockSpan)
  }

  /// Messages between two blocks are one run of bytes.
  private var bytes: [[UInt8]] = []
  private var items: [Item] = []
  private var head = 0
  private var bytesHead = 0
  /// Bytes of the item at the front that have been sent.
  private var sent = 0

  var isEmpty: Bool { head == items.count }
  var hasMore: Bool { items.count - head > 1 }
  /// Bytes of the messages that are not wholly sent.
  private var queuedBytes = 0
  /// Bytes of messages that wait: a peer that asks and never reads must not grow this without end.
  var messageBytes: Int {
    if case .bytes? = first { return queuedBytes - sent }
    return queuedBytes
  }

  mutating func append(_ message: Message) {
    if case .bytes? = items.last, head < items.count {
      let before = bytes[bytes.count - 1].count
      message.encode(into: &bytes[bytes.count - 1])
      queuedBytes += bytes[bytes.count - 1].count - before
    } else {
      items.append(.bytes)
      bytes.append(message.encoded)
      queuedBytes += bytes[bytes.count - 1].count
    }
  }

  mutating func append(raw: [UInt8]) {
    items.append(.bytes)
    bytes.append(raw)
    queuedBytes += raw.count
  }

  mutating func append(_ block: BlockSpan) { items.append(.block(block)) }

  var first: Item? { head < items.count ? items[head] : nil }

  /// How much of the first item has been sent.
  var progress: Int { sent }

  mutating func advance(_ count: Int) { sent += count }

  /// Gives the rest of the first item, which is bytes, to `send`.
  func withFirstBytes<Result>(_ send: (UnsafeRawBufferPointer) -> Result) -> Result {
    bytes[bytesHead].withUnsafeBytes { send(UnsafeRawBufferPointer(rebasing: $0[sent...])) }
  }

  var firstBytesCount: Int { bytes[bytesHead].count }

  mutating func popFirst() {
    if case .bytes = items[head] {
      queuedBytes -= bytes[bytesHead].count
      bytes[bytesHead] = []
      bytesHead += 1
    }
    head += 1
    sent = 0
    if head == items.count {
      items.removeAll(keepingCapacity: true)
      bytes.removeAll(keepingCapacity: true)
      head = 0
      bytesHead = 0
    } else if head >= 256 {
      items.removeFirst(head)
      bytes.removeFirst(bytesHead)
      head = 0
      bytesHead = 0
    }
  }
}
