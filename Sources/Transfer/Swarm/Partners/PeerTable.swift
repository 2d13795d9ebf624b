/// The connected peers by key. Iteration is in the order of slots, so that a run can be repeated.
struct PeerTable {
  /// Where each slot's peer is, behind a first place that is always empty: a key that has outlived its connection leads
  /// there.
  private var room = Self.empty
  private var generations: [UInt32] = [0]
  private(set) var count = 0
  private var keyOfID: [PeerID: PeerKey] = [:]

  /// Of all tables that never had a peer. Unsafe in name only: whoever writes has a room of his own.
  private nonisolated(unsafe) static let empty = Room(capacity: 1)

  /// O(1). A key whose connection has ended finds `nil`, and what is written through it is dropped.
  ///
  /// In place, by its address: other accessors copy half a kilobyte, and allocate memory for it, at each look (Swift 6.3).
  subscript(key: PeerKey) -> Peer? {
    @inline(__always) unsafeAddress { UnsafePointer(room.base + place(of: key)) }
    @inline(__always) unsafeMutableAddress {
      ownRoom(for: 0)
      return room.base + place(of: key)
    }
  }

  @inline(__always)
  private func place(of key: PeerKey) -> Int {
    let place = Int(key.slot) + 1
    return place < generations.count && generations[place] == key.generation ? place : 0
  }

  /// Makes sure that no copy of this table has the same room, and that there is so much of it.
  @inline(__always)
  private mutating func ownRoom(for count: Int) {
    let suffices = count <= room.capacity
    if suffices, isKnownUniquelyReferenced(&room) { return }
    room = Room(room, capacity: suffices ? room.capacity : max(count, 2 * room.capacity))
  }

  /// No other peer has the same id.
  mutating func insert(_ peer: Peer, at key: PeerKey) {
    let place = Int(key.slot) + 1
    while generations.count <= place { generations.append(0) }
    ownRoom(for: generations.count)
    if let before = room.base[place] { keyOfID[before.id] = nil } else { count += 1 }
    generations[place] = key.generation
    room.base[place] = peer
    keyOfID[peer.id] = key
  }

  mutating func remove(_ key: PeerKey) -> Peer? {
    guard let peer = self[key] else { return nil }
    self[key] = nil
    keyOfID[peer.id] = nil
    count -= 1
    return peer
  }

  /// The connection of the peer that calls itself so. O(1)
  func key(of id: PeerID) -> PeerKey? { keyOfID[id] }

  /// Where peers may be: for a walk without a snapshot of the keys. A peer that joins meanwhile may be passed over.
  var places: Range<Int> { generations.indices }

  func key(at place: Int) -> PeerKey? {
    guard room.base[place] != nil else { return nil }
    return PeerKey(slot: UInt32(place - 1), generation: generations[place])
  }

  /// A snapshot of the keys, so that peers may leave during a loop. O(slots).
  var keys: [PeerKey] { places.compactMap { key(at: $0) } }
}

extension PeerTable {
  /// Memory for so many peers, all of it initialized.
  private final class Room {
    let base: UnsafeMutablePointer<Peer?>
    let capacity: Int

    init(capacity: Int) {
      self.capacity = capacity
      base = .allocate(capacity: capacity)
      base.initialize(repeating: nil, count: capacity)
    }

    /// With what is in another, which has no more.
    convenience init(_ other: Room, capacity: Int) {
      self.init(capacity: capacity)
      base.update(from: other.base, count: other.capacity)
    }

    deinit {
      base.deinitialize(count: capacity)
      base.deallocate()
    }
  }
}
