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
  private var table = [Place()]
  private(set) var count = 0
  private var keyOfID: [PeerID: PeerKey] = [:]

  /// O(1). A key whose connection has ended finds `nil`, and what is written through it is dropped.
  subscript(key: PeerKey) -> Peer? {
    @inline(__always) _read { yield table[place(of: key)].peer }
    @inline(__always) _modify { yield &table[place(of: key)].peer }
  }

  @inline(__always)
  private func place(of key: PeerKey) -> Int {
    let place = Int(key.slot) + 1
    return place < table.count && table[place].generation == key.generation ? place : 0
  }

  /// No other peer has the same id.
  mutating func insert(_ peer: Peer, at key: PeerKey) {
    let place = Int(key.slot) + 1
    while table.count <= place { table.append(Place()) }
    if let before = table[place].peer { keyOfID[before.id] = nil } else { count += 1 }
    table[place] = Place(generation: key.generation, peer: peer)
    keyOfID[peer.id] = key
  }

  mutating func remove(_ key: PeerKey) -> Peer? {
    guard let peer = self[key] else { return nil }
    table[place(of: key)].peer = nil
    keyOfID[peer.id] = nil
    count -= 1
    return peer
  }

  /// The connection of the peer that calls itself so. O(1)
  func key(of id: PeerID) -> PeerKey? { keyOfID[id] }

  /// Where peers may be: for a walk without a snapshot of the keys. A peer that joins meanwhile may be passed over.
  var places: Range<Int> { 0..<table.count }

  func key(at place: Int) -> PeerKey? {
    guard table[place].peer != nil else { return nil }
    return PeerKey(slot: UInt32(place - 1), generation: table[place].generation)
  }

  /// How many peers are like that. O(slots).
  func count(where isLikeThat: (Peer) -> Bool) -> Int {
    table.indices.count { place in table[place].peer.map(isLikeThat) ?? false }
  }

  /// A snapshot of the keys, so that peers may leave during a loop. O(slots).
  var keys: [PeerKey] {
    table.indices.compactMap { place in
      table[place].peer == nil
        ? nil : PeerKey(slot: UInt32(place - 1), generation: table[place].generation)
    }
  }
}
