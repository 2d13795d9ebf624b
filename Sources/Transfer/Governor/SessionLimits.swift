/// What the torrents of a session may use, all together.
public struct SessionLimits: Hashable, Sendable {
  /// Bytes per second; `nil` for no limit.
  public var upload: Int?
  public var download: Int?
  /// Peers that are uploaded to at once.
  public var uploadSlots = 8
  /// Connected peers.
  public var maxPeers = 200

  public init() {}
}
