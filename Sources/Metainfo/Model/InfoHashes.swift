/// The names a torrent goes by: one, or both for a hybrid (BEP 3, BEP 52).
public struct InfoHashes: Hashable, Sendable {
  public let v1: InfoHash?
  public let v2: InfoHashV2?

  /// `nil` when there is neither.
  public init?(v1: InfoHash?, v2: InfoHashV2?) {
    guard v1 != nil || v2 != nil else { return nil }
    self.v1 = v1
    self.v2 = v2
  }

  public init(_ v1: InfoHash, v2: InfoHashV2? = nil) {
    self.v1 = v1
    self.v2 = v2
  }

  public init(_ v2: InfoHashV2) {
    self.v1 = nil
    self.v2 = v2
  }

  /// The 20 bytes by which a swarm is found: the hash of version 1, or without one the first 20 of version 2's.
  public var swarm: InfoHash {
    if let v1 { return v1 }
    // One of the two is always there: no initialiser leaves both out.
    return v2?.truncated ?? InfoHash(InlineArray(repeating: 0))
  }
}
