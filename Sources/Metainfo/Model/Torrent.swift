/// What a .torrent file says (BEP 3, BEP 52), decoded and checked.
///
/// Never changes, and so is shared: whoever works with the same one keeps a reference, not a copy.
public final class Torrent: Sendable {
  public let infoHashes: InfoHashes
  public let info: Info
  public let announce: AnnounceTiers
  /// Web seeds (BEP 19).
  public let webSeeds: [String]
  /// DHT nodes to start from (BEP 5).
  public let nodes: [BootstrapNode]
  public let comment: String?
  public let createdBy: String?
  /// Seconds since 1970.
  public let creationDate: Int?
  /// Keys that mean nothing to this module: `key` at the top level, `info.key` in the info dictionary. Not escaped.
  public let extraKeys: [String]
  /// What was odd about the file and yet let pass; a bounded number.
  public let warnings: [MetainfoWarning]

  public init(
    infoHashes: InfoHashes, info: Info, announce: AnnounceTiers = AnnounceTiers(), webSeeds: [String] = [],
    nodes: [BootstrapNode] = [], comment: String? = nil, createdBy: String? = nil, creationDate: Int? = nil,
    extraKeys: [String] = [], warnings: [MetainfoWarning] = []
  ) {
    self.infoHashes = infoHashes
    self.info = info
    self.announce = announce
    self.webSeeds = webSeeds
    self.nodes = nodes
    self.comment = comment
    self.createdBy = createdBy
    self.creationDate = creationDate
    self.extraKeys = extraKeys
    self.warnings = warnings
  }

  /// The 20 bytes by which a swarm knows the torrent: see `InfoHashes.swarm`.
  public var infoHash: InfoHash { infoHashes.swarm }
}
