/// The connected peers by key. Iteration is in the order of slots, so that a run can be repeated.
struct PeerTable {
  private var slots: [(generation: UInt32, peer: Peer?)] = []
  private(set) var count = 0

  /// O(1). A key whose connection has ended finds `nil`, and what is written under it is dropped.
  subscript(key: PeerKey) -> Peer? {
    _read {
      let slot = Int(key.slot)
      if slot < slots.count, slots[slot].generation == key.generation {
        yield slots[slot].peer
      } else {
        yield nil
      }
    }
    _modify {
      let slot = Int(key.slot)
      if slot < slots.count, slots[slot].generation == key.generation {
        yield &slots[slot].peer
      } else {
        var nobody: Peer?
        yield &nobody
      }
    }
  }

  mutating func insert(_ peer: Peer, at key: PeerKey) {
    let slot = Int(key.slot)
    while slots.count <= slot { slots.append((generation: 0, peer: nil)) }
    if slots[slot].peer == nil { count += 1 }
    slots[slot] = (generation: key.generation, peer: peer)
  }

  mutating func remove(_ key: PeerKey) -> Peer? {
    guard let peer = self[key] else { return nil }
    slots[Int(key.slot)].peer = nil
    count -= 1
    return peer
  }

  /// A snapshot of the keys, so that peers may leave during a loop. O(slots).
  var keys: [PeerKey] {
    slots.indices.compactMap { slot in
      slots[slot].peer == nil
        ? nil : PeerKey(slot: UInt32(slot), generation: slots[slot].generation)
    }
  }
}
