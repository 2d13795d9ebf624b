/// What a .torrent file says (BEP 3), decoded and checked.
public struct Torrent: Sendable {
  public let infoHash: InfoHash
  public let info: Info
  public let announce: AnnounceTiers
  /// Web seeds (BEP 19).
  public let webSeeds: [String]
  public let comment: String?
  public let createdBy: String?
  /// Seconds since 1970.
  public let creationDate: Int?

  public init(
    infoHash: InfoHash, info: Info, announce: AnnounceTiers = AnnounceTiers(), webSeeds: [String] = [],
    comment: String? = nil, createdBy: String? = nil, creationDate: Int? = nil
  ) {
    self.infoHash = infoHash
    self.info = info
    self.announce = announce
    self.webSeeds = webSeeds
    self.comment = comment
    self.createdBy = createdBy
    self.creationDate = creationDate
  }
}
