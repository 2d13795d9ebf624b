/// What became of a torrent.
public struct EditedTorrent: Sendable {
  /// As it was.
  public let original: Torrent
  /// As it is now, decoded from `bytes`.
  public let torrent: Torrent
  /// The .torrent file.
  public let bytes: [UInt8]
  /// Whether a single byte is another.
  public let isChanged: Bool
  /// The file as it was.
  public let originalBytes: [UInt8]
}
