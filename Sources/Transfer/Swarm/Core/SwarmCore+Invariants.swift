import Metainfo

extension SwarmCore {
  /// The first thing that is wrong, or `nil`: for tests, after every step.
  /// O(workers × claims + blocks under way + outstanding requests).
  func brokenInvariant() -> String? { brokenFetching() }

  /// The first thing that it has of what torrents share, and should not, or `nil`. O(1)
  package func brokenShare(of governor: Governor) -> String? {
    let bytes = fetching.active.count * geometry.pieceLength
    return governor.memory.taken(by: key) == bytes
      ? nil : "\(governor.memory.taken(by: key)) bytes of memory for \(bytes) of pieces"
  }

  /// As above, and the slow part: every piece's place and rarity, every peer's count. O(pieces × peers).
  package func brokenInvariantAnywhere() -> String? {
    if let broken = brokenInvariant() { return broken }
    if missing.count(in: have) != 0 { return "a piece is here and missing" }
    for key in peers.keys {
      guard let peer = peers[key] else { continue }
      if peer.supply.wantedCount != peer.has.count(in: missing) {
        return "\(key) has a wrong count of wanted pieces"
      }
    }
    return fetching.isActive ? brokenRarity() : nil
  }
}
