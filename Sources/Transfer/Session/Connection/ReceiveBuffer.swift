/// The bytes of a stream that have come and are not yet understood.
struct ReceiveBuffer: ~Copyable {
  private var storage: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0

  init(capacity: Int) { storage = .allocate(byteCount: capacity, alignment: 16) }

  deinit { storage.deallocate() }

  var count: Int { end - start }
  var capacity: Int { storage.count }

  /// What is there. Valid until the buffer changes.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: storage[start..<end]) }

  /// The room behind what is there, at least one byte after `reserve`. Valid until the buffer changes.
  var room: UnsafeMutableRawBufferPointer { UnsafeMutableRawBufferPointer(rebasing: storage[end...]) }

  /// So many bytes have been put into `room`.
  mutating func filled(_ count: Int) { end += count }

  /// Copies the first bytes of `bytes`, at most so many, behind what is there; returns how many. There must be
  /// room for them.
  mutating func append(_ bytes: UnsafeMutableRawBufferPointer, atMost limit: Int) -> Int {
    let count = min(bytes.count, limit)
    room.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes.prefix(count)))
    filled(count)
    return count
  }

  mutating func consume(_ count: Int) {
    start += count
    if start == end {
      start = 0
      end = 0
    }
  }

  /// Makes room for a message of `total` bytes that begins with what is there.
  mutating func reserve(_ total: Int) {
    if total > storage.count {
      let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: total, alignment: 16)
      larger.copyMemory(from: bytes)
      storage.deallocate()
      storage = larger
      end -= start
      start = 0
    } else if start > 0, end == storage.count || start + total > storage.count {
      storage.copyMemory(from: bytes)
      end -= start
      start = 0
    }
  }
}
