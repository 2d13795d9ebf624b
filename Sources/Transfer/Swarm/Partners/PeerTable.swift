/// The connected peers by key. Iteration is in the order of slots, so that a run can be repeated.
struct PeerTable {
  /// A structure and not a tuple: reading a value of this size out of a tuple leaks in builds without optimisation
  /// (Swift 6.3).
  private struct Place {
    var generation: UInt32 = 0
    var peer: Peer?
  }

  /// By slot, behind a first place that is always empty: a key that has outlived its connection leads there. (A
  /// local variable in its stead would make every access allocate.)
  private var places = [Place()]
  private(set) var count = 0

  /// O(1). A key whose connection has ended finds `nil`, and what is written through it is dropped.
  subscript(key: PeerKey) -> Peer? {
    @inline(__always) _read { yield places[place(of: key)].peer }
    @inline(__always) _modify { yield &places[place(of: key)].peer }
  }

  @inline(__always)
  private func place(of key: PeerKey) -> Int {
    let place = Int(key.slot) + 1
    return place < places.count && places[place].generation == key.generation ? place : 0
  }

  mutating func insert(_ peer: Peer, at key: PeerKey) {
    let place = Int(key.slot) + 1
    while places.count <= place { places.append(Place()) }
    if places[place].peer == nil { count += 1 }
    places[place] = Place(generation: key.generation, peer: peer)
  }

  mutating func remove(_ key: PeerKey) -> Peer? {
    guard let peer = self[key] else { return nil }
    places[place(of: key)].peer = nil
    count -= 1
    return peer
  }

  /// How many peers are like that. O(slots).
  func count(where isLikeThat: (Peer) -> Bool) -> Int {
    places.indices.count { place in places[place].peer.map(isLikeThat) ?? false }
  }

  /// A snapshot of the keys, so that peers may leave during a loop. O(slots).
  var keys: [PeerKey] {
    places.indices.compactMap { place in
      places[place].peer == nil
        ? nil : PeerKey(slot: UInt32(place - 1), generation: places[place].generation)
    }
  }
}
