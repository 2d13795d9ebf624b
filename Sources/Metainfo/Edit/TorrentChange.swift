/// One thing to change about a .torrent file. What it says already is no change.
public enum TorrentChange: Hashable, Sendable {
  /// Trackers in tiers (BEP 12), in place of all that are there; none removes them.
  case setTrackers(AnnounceTiers)
  /// Adds those of the URLs that no tier has yet: as a tier of their own at the end, or to the tier of this number,
  /// counted from 1. A number beyond the last is a tier of their own too.
  case addTrackers([String], tier: Int?)
  /// Removes the URL from every tier.
  case removeTracker(String)
  /// Puts a URL in the place of another, wherever that is.
  case replaceTracker(String, with: String)
  /// Web seeds (BEP 19), in place of all that are there; none removes them.
  case setWebSeeds([String])
  case addWebSeed(String)
  case removeWebSeed(String)
  /// DHT nodes (BEP 5), in place of all that are there; none removes them.
  case setNodes([BootstrapNode])
  case addNode(BootstrapNode)
  case removeNode(BootstrapNode)
  /// `nil` removes it, as with those below.
  case comment(String?)
  case createdBy(String?)
  /// Seconds since 1970.
  case creationDate(Int?)
  /// The torrent's name, which is the file's of a torrent of a single one. Changes the info-hash.
  case name(TorrentPath)
  /// BEP 27. Changes the info-hash.
  case isPrivate(Bool)
  /// Changes the info-hash.
  case source(String?)

  /// Whether it is about the info dictionary, so that the outcome is another torrent to every swarm and tracker.
  public var changesInfoHash: Bool {
    switch self {
    case .name, .isPrivate, .source: true
    case .setTrackers, .addTrackers, .removeTracker, .replaceTracker, .setWebSeeds, .addWebSeed,
      .removeWebSeed,
      .setNodes, .addNode, .removeNode, .comment, .createdBy, .creationDate:
      false
    }
  }
}
