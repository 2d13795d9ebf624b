/// The connections of a torrent by the core's names for them. Every operation but `all` is O(1).
struct ConnectionTable {
  private struct Place {
    var generation: UInt32 = 0
    var connection: PeerConnection?
  }

  private var places: [Place] = []
  private var free: [UInt32] = []

  /// `nil` for a key that has outlived its connection.
  subscript(key: PeerKey) -> PeerConnection? {
    let slot = Int(key.slot)
    guard slot < places.count, places[slot].generation == key.generation else { return nil }
    return places[slot].connection
  }

  /// Gives a connection a name that none had before.
  mutating func insert(_ connection: PeerConnection) -> PeerKey {
    let slot: UInt32
    if let reused = free.popLast() {
      slot = reused
    } else {
      slot = UInt32(places.count)
      places.append(Place())
    }
    places[Int(slot)].generation &+= 1
    places[Int(slot)].connection = connection
    return PeerKey(slot: slot, generation: places[Int(slot)].generation)
  }

  mutating func remove(_ key: PeerKey) {
    guard self[key] != nil else { return }
    places[Int(key.slot)].connection = nil
    free.append(key.slot)
  }

  var all: [PeerConnection] { places.compactMap(\.connection) }
}
