/// The names of one torrent: of version 1, of version 2, or both for a hybrid (BEP 52). There is at least one.
public struct InfoHashes: Hashable, Sendable {
  public let v1: InfoHash?
  public let v2: InfoHashV2?

  /// `nil` when both are.
  public init?(v1: InfoHash?, v2: InfoHashV2?) {
    guard v1 != nil || v2 != nil else { return nil }
    self.v1 = v1
    self.v2 = v2
  }

  public init(v1: InfoHash) {
    self.v1 = v1
    v2 = nil
  }

  /// What the protocols that know 20 bytes alone call the torrent: the hash of version 1 where there is one, else
  /// the beginning of the other.
  public var swarm: InfoHash {
    // There is one of them since `init`.
    v1 ?? v2?.truncated ?? InfoHash(InlineArray(repeating: 0))
  }
}
