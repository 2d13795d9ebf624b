/// The open descriptors of one torrent's files, the least recently used of which make room for others.
///
/// One that is pinned stays open. When all are pinned the cache grows beyond its limit, so the most that are
/// ever open is the limit plus the threads that use it. A hit is O(1), a miss O(limit).
struct DescriptorCache {
  private struct Slot {
    let file: Int
    let descriptor: Int32
    var pins: Int
    var lastUse: UInt64
  }

  private let limit: Int
  private var slots: [Slot] = []
  /// For every file its slot, or -1.
  private var slotOfFile: [Int32]
  private var clock: UInt64 = 0
  private(set) var isClosed = false

  init(fileCount: Int, limit: Int) {
    self.limit = max(1, limit)
    slotOfFile = Array(repeating: -1, count: fileCount)
  }

  /// How many are open.
  var count: Int { slots.count }

  /// The file's descriptor, pinned; `nil` when it is not open.
  mutating func pin(_ file: Int) -> Int32? {
    let slot = Int(slotOfFile[file])
    guard slot >= 0 else { return nil }
    clock &+= 1
    slots[slot].pins += 1
    slots[slot].lastUse = clock
    return slots[slot].descriptor
  }

  /// Takes in a descriptor that was opened after a miss, and pins the file's. Which is another one when
  /// someone else was faster; what is to be closed then, or had to make room, comes back too.
  mutating func insert(_ descriptor: Int32, for file: Int) -> (descriptor: Int32, surplus: Int32?) {
    if let present = pin(file) { return (present, descriptor) }
    var surplus: Int32?
    if slots.count >= limit { surplus = evict() }
    clock &+= 1
    slotOfFile[file] = Int32(slots.count)
    slots.append(Slot(file: file, descriptor: descriptor, pins: 1, lastUse: clock))
    return (descriptor, surplus)
  }

  /// What is to be closed, if the file was to be let go as soon as nobody uses it.
  mutating func unpin(_ file: Int) -> Int32? {
    let slot = Int(slotOfFile[file])
    guard slot >= 0 else { return nil }
    slots[slot].pins -= 1
    return isClosed && slots[slot].pins == 0 ? remove(slot) : nil
  }

  /// Lets go of one, the least recently used that is not pinned: what is to be closed.
  mutating func evict() -> Int32? {
    var victim: Int?
    for slot in slots.indices where slots[slot].pins == 0 {
      if let best = victim, slots[best].lastUse <= slots[slot].lastUse { continue }
      victim = slot
    }
    return victim.map { remove($0) }
  }

  /// Lets go of all that are not pinned, and of the others as soon as they are not.
  mutating func close() -> [Int32] {
    isClosed = true
    var descriptors: [Int32] = []
    while let descriptor = evict() { descriptors.append(descriptor) }
    return descriptors
  }

  private mutating func remove(_ slot: Int) -> Int32 {
    let removed = slots[slot]
    slotOfFile[removed.file] = -1
    let last = slots.removeLast()
    if slot < slots.count {
      slots[slot] = last
      slotOfFile[last.file] = Int32(slot)
    }
    return removed.descriptor
  }
}
