/// A torrent that was just made.
public struct AuthoredTorrent: Sendable {
  public let torrent: Torrent
  /// The .torrent file.
  public let bytes: [UInt8]
}
