/// What a tracker is told about a torrent's progress: bytes of payload since `started`, and bytes still
/// missing.
public struct TransferTotals: Hashable, Sendable {
  public var uploaded: Int
  public var downloaded: Int
  public var left: Int

  public init(uploaded: Int, downloaded: Int, left: Int) {
    self.uploaded = uploaded
    self.downloaded = downloaded
    self.left = left
  }
}
