/// The peers that are asked for one block: nearly always one or none, which cost no allocation; more near the end.
struct Askers {
  private var first: PeerKey?
  /// Empty whenever `first` is nobody.
  private var others: [PeerKey] = []

  var isEmpty: Bool { first == nil }
  var count: Int { first == nil ? 0 : 1 + others.count }
  var all: [PeerKey] { first.map { [$0] + others } ?? [] }

  func contains(_ peer: PeerKey) -> Bool { first == peer || others.contains(peer) }

  mutating func insert(_ peer: PeerKey) {
    if first == nil { first = peer } else { others.append(peer) }
  }

  /// Says whether the peer was among them.
  mutating func remove(_ peer: PeerKey) -> Bool {
    if first == peer {
      first = others.popLast()
      return true
    }
    guard let index = others.firstIndex(of: peer) else { return false }
    others.remove(at: index)
    return true
  }
}
