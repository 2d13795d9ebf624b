import Metainfo

/// The torrents of a session, found in O(1) by key, by either info-hash, and by what stands for one in a handshake.
struct TorrentTable<Torrent> {
  private struct Place {
    var generation: UInt32 = 0
    var id: TorrentID?
    var torrent: Torrent?
  }

  private var places: [Place] = []
  private var free: [UInt32] = []
  private var slotOf: [InfoHash: UInt32] = [:]

  var isEmpty: Bool { count == 0 }
  var count: Int { places.count - free.count }

  /// In the order of their slots. O(torrents).
  var all: [Torrent] { places.compactMap(\.torrent) }

  /// A key that has outlived its torrent finds nothing.
  subscript(key: TorrentKey) -> Torrent? {
    let slot = Int(key.slot)
    return slot < places.count && places[slot].generation == key.generation ? places[slot].torrent : nil
  }

  /// - Parameter hash: 20 bytes: of version 1, or the first of version 2's.
  subscript(hash: InfoHash) -> Torrent? { slotOf[hash].flatMap { places[Int($0)].torrent } }

  /// One that has a hash in common with `id`.
  subscript(id: TorrentID) -> Torrent? {
    Self.names(of: id).lazy.compactMap { slotOf[$0] }.first.flatMap { places[Int($0)].torrent }
  }

  /// Makes a place; `nil` when a torrent with one of these hashes has one already.
  mutating func insert(_ id: TorrentID, _ make: (TorrentKey) -> Torrent) -> Torrent? {
    guard Self.names(of: id).allSatisfy({ slotOf[$0] == nil }) else { return nil }
    let slot = free.popLast() ?? UInt32(places.count)
    if Int(slot) == places.count { places.append(Place()) }
    places[Int(slot)].generation &+= 1
    let torrent = make(TorrentKey(slot: slot, generation: places[Int(slot)].generation))
    places[Int(slot)].id = id
    places[Int(slot)].torrent = torrent
    for name in Self.names(of: id) { slotOf[name] = slot }
    return torrent
  }

  mutating func remove(_ key: TorrentKey) {
    guard self[key] != nil, let id = places[Int(key.slot)].id else { return }
    for name in Self.names(of: id) { slotOf[name] = nil }
    places[Int(key.slot)].id = nil
    places[Int(key.slot)].torrent = nil
    free.append(key.slot)
  }

  mutating func removeAll() { self = TorrentTable() }

  private static func names(of id: TorrentID) -> [InfoHash] {
    [id.v1, id.v2?.truncated].compactMap { $0 }
  }
}
