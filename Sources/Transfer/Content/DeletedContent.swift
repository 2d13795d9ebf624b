/// What became of a torrent's content that was to be deleted.
public struct DeletedContent: Hashable, Sendable {
  /// Files that were there and are no more.
  public internal(set) var deleted: [String] = []
  /// Files that have stayed, each with the reason.
  public internal(set) var kept: [Kept] = []

  public struct Kept: Hashable, Sendable {
    public let path: String
    /// WHAT: WHY, on one line, with names escaped.
    public let reason: String
  }
}
