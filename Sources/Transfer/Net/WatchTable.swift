/// Names a watched descriptor of an event loop. One that has been unwatched names nothing, also when its place
/// or its descriptor's number has been taken by another.
struct Registration: Hashable, Sendable {
  fileprivate let slot: UInt32
  fileprivate let generation: UInt32

  fileprivate init(slot: UInt32, generation: UInt32) {
    self.slot = slot
    self.generation = generation
  }

  /// Travels with the kernel's events.
  init(key: UInt64) {
    slot = UInt32(truncatingIfNeeded: key)
    generation = UInt32(truncatingIfNeeded: key >> 32)
  }

  var key: UInt64 { UInt64(generation) << 32 | UInt64(slot) }
}

/// The handlers of an event loop, by registration. Every operation is O(1).
struct WatchTable {
  private struct Slot {
    var generation: UInt32 = 0
    var descriptor: Int32 = -1
    var handler: ((Readiness) -> Void)?
  }

  private var slots: [Slot] = []
  private var free: [UInt32] = []

  mutating func insert(_ descriptor: Int32, _ handler: @escaping (Readiness) -> Void) -> Registration {
    let slot: UInt32
    if let reused = free.popLast() {
      slot = reused
    } else {
      slot = UInt32(slots.count)
      slots.append(Slot())
    }
    slots[Int(slot)].descriptor = descriptor
    slots[Int(slot)].handler = handler
    return Registration(slot: slot, generation: slots[Int(slot)].generation)
  }

  func handler(of registration: Registration) -> ((Readiness) -> Void)? {
    contains(registration) ? slots[Int(registration.slot)].handler : nil
  }

  func descriptor(of registration: Registration) -> Int32? {
    contains(registration) ? slots[Int(registration.slot)].descriptor : nil
  }

  /// What was watched, and the handler: for the caller to let go of when this table is not being changed any
  /// more, since the handler's end may come back here. `nil` when it was removed before.
  mutating func remove(_ registration: Registration) -> (descriptor: Int32, handler: (Readiness) -> Void)? {
    guard contains(registration) else { return nil }
    let slot = Int(registration.slot)
    guard let handler = slots[slot].handler.take() else { return nil }
    free.append(registration.slot)
    slots[slot].generation &+= 1
    return (slots[slot].descriptor, handler)
  }

  private func contains(_ registration: Registration) -> Bool {
    let slot = Int(registration.slot)
    return slots.indices.contains(slot) && slots[slot].generation == registration.generation
      && slots[slot].handler != nil
  }
}
