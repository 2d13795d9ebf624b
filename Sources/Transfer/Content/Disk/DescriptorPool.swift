import Metainfo
import Platform

/// The open descriptors of all content of a session: files, and the folders that torrents lie in. The least recently
/// used make room for others, so that any number of torrents works with a bounded number of them.
///
/// One that is pinned stays open. When all are pinned the pool grows beyond its limit, so the most that are ever open
/// is the limit plus what threads are using at that moment. Pinning, unpinning and making room are O(1).
final class DescriptorPool: Sendable {
  /// Who has files in the pool: a number for each torrent's content.
  struct Holder: Hashable, Sendable { fileprivate let number: UInt32 }

  /// A file of a holder, by its number; -1 for the folder that everything lies in.
  struct Key: Hashable, Sendable {
    let holder: Holder
    let file: Int32
  }

  /// An open descriptor that stays open until it is given back.
  struct Pin: Sendable {
    fileprivate let slot: Int
    let descriptor: Int32
  }

  fileprivate struct Slot {
    var key: Key
    var descriptor: Int32
    var pins = 0
    /// It can't be pinned again, and is closed with the last pin.
    var isForgotten = false
    /// When its name and state were last looked at.
    var looked: Instant?
    /// Neighbours in the order of use; -1 at the ends.
    var newer = -1
    var older = -1
  }

  fileprivate struct State {
    var slots: [Slot] = []
    var unused: [Int] = []
    var slotOfKey: [Key: Int] = [:]
    var newest = -1
    var oldest = -1
    var holders: UInt32 = 0
  }

  let fileSystem: any FileSystem
  let turns = FileTurns()
  private let limit: Int
  private let state = Lock(State())

  /// - Parameter limit: how many descriptors are kept at most, beside those in use.
  init(_ fileSystem: any FileSystem = DiskFileSystem(), limit: Int) {
    self.fileSystem = fileSystem
    self.limit = max(1, limit)
  }

  deinit {
    let descriptors = state.withLock { state in state.slotOfKey.values.map { state.slots[$0].descriptor } }
    for descriptor in descriptors { fileSystem.close(descriptor) }
  }

  /// How many are open.
  var count: Int { state.withLock { $0.slots.count - $0.unused.count } }

  func makeHolder() -> Holder {
    state.withLock { state in
      state.holders += 1
      return Holder(number: state.holders)
    }
  }

  // MARK: Use

  /// The descriptor of a file that is open; `nil` when it is not.
  func pin(_ key: Key) -> Pin? { state.withLock { $0.pin(key) } }

  /// Whether the file is open and was looked at so lately.
  func hasBeenLookedAt(_ key: Key, within span: Instant.Span, of now: Instant) -> Bool {
    state.withLock { state in
      guard let slot = state.slotOfKey[key], let looked = state.slots[slot].looked else { return false }
      return now - looked < span
    }
  }

  /// Takes in a descriptor that was opened after a miss, and pins the file's: another one when someone else was
  /// faster.
  func insert(_ descriptor: Int32, for key: Key) -> Pin {
    let (pin, surplus) = state.withLock { state -> (Pin, Int32?) in
      if let present = state.pin(key) { return (present, descriptor) }
      let surplus = state.slotOfKey.count >= limit ? state.evict() : nil
      return (state.insert(descriptor, key), surplus)
    }
    if let surplus { fileSystem.close(surplus) }
    return pin
  }

  func unpin(_ pin: Pin) {
    let surplus = state.withLock { state -> Int32? in
      state.slots[pin.slot].pins -= 1
      guard state.slots[pin.slot].isForgotten, state.slots[pin.slot].pins == 0 else { return nil }
      return state.free(pin.slot)
    }
    if let surplus { fileSystem.close(surplus) }
  }

  /// The name and state of an open file have been looked at.
  func note(_ pin: Pin, lookedAt time: Instant) {
    state.withLock { $0.slots[pin.slot].looked = time }
  }

  // MARK: Letting go

  /// Closes one, the least recently used that is not pinned; false when there is none.
  func evict() -> Bool {
    guard let descriptor = state.withLock({ $0.evict() }) else { return false }
    fileSystem.close(descriptor)
    return true
  }

  /// What is open for this key is not what it should be, or not needed again: closed as soon as nobody uses it.
  func forget(_ key: Key) {
    let descriptor = state.withLock { state in state.slotOfKey[key].flatMap { state.forget($0) } }
    if let descriptor { fileSystem.close(descriptor) }
  }

  /// The holder needs none any more. O(descriptors that are open).
  func close(_ holder: Holder) {
    let descriptors = state.withLock { state in
      state.slotOfKey.filter { $0.key.holder == holder }.values.compactMap { state.forget($0) }
    }
    for descriptor in descriptors { fileSystem.close(descriptor) }
  }
}

extension DescriptorPool.State {
  fileprivate mutating func pin(_ key: DescriptorPool.Key) -> DescriptorPool.Pin? {
    guard let slot = slotOfKey[key] else { return nil }
    slots[slot].pins += 1
    if newest != slot {
      unlink(slot)
      link(slot)
    }
    return DescriptorPool.Pin(slot: slot, descriptor: slots[slot].descriptor)
  }

  fileprivate mutating func insert(_ descriptor: Int32, _ key: DescriptorPool.Key) -> DescriptorPool.Pin {
    let new = DescriptorPool.Slot(key: key, descriptor: descriptor, pins: 1)
    let slot = unused.popLast() ?? slots.count
    if slot == slots.count { slots.append(new) } else { slots[slot] = new }
    slotOfKey[key] = slot
    link(slot)
    return DescriptorPool.Pin(slot: slot, descriptor: descriptor)
  }

  /// Lets go of one that is not pinned: what is to be closed. O(pinned ones that are older).
  fileprivate mutating func evict() -> Int32? {
    var slot = oldest
    while slot >= 0, slots[slot].pins > 0 { slot = slots[slot].newer }
    return slot < 0 ? nil : forget(slot)
  }

  /// What is to be closed, unless somebody uses it still.
  fileprivate mutating func forget(_ slot: Int) -> Int32? {
    slotOfKey[slots[slot].key] = nil
    unlink(slot)
    slots[slot].isForgotten = true
    return slots[slot].pins == 0 ? free(slot) : nil
  }

  fileprivate mutating func free(_ slot: Int) -> Int32 {
    unused.append(slot)
    return slots[slot].descriptor
  }

  private mutating func link(_ slot: Int) {
    slots[slot].newer = -1
    slots[slot].older = newest
    if newest >= 0 { slots[newest].newer = slot }
    newest = slot
    if oldest < 0 { oldest = slot }
  }

  private mutating func unlink(_ slot: Int) {
    let (newer, older) = (slots[slot].newer, slots[slot].older)
    if newer >= 0 { slots[newer].older = older } else { newest = older }
    if older >= 0 { slots[older].newer = newer } else { oldest = newer }
  }
}
