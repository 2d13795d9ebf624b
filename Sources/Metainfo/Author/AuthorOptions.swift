/// What to put into a new torrent besides the content.
public struct AuthorOptions: Hashable, Sendable {
  /// The torrent's name; `nil` takes the last component of the content's path.
  public var name: String?
  /// Bytes, see `PieceLengthRule.accepts`; `nil` chooses by `PieceLengthRule.current`, which for a
  /// stream is `PieceLengthRule.streamedPieceLength`.
  public var pieceLength: Int?
  public var format = TorrentFormat.v1
  public var order = FileOrder.path
  /// Puts pad files (BEP 47) into version 1, so that every file starts at a piece. Hybrids always have them.
  public var isPadded = false
  public var announce = AnnounceTiers()
  /// BEP 19.
  public var webSeeds: [String] = []
  /// DHT nodes to start from, BEP 5.
  public var nodes: [BootstrapNode] = []
  /// BEP 27.
  public var isPrivate = false
  public var source: String?
  public var comment: String?
  /// The program that made it, by convention `torrentctl/VERSION`; `nil` leaves it out.
  public var createdBy: String?
  /// Seconds since 1970; `nil` leaves it out.
  public var creationDate: Int?
  public var filter = ContentFilter()
  /// Takes what symbolic links lead to, instead of leaving them out.
  public var followsLinks = false
  /// Threads that read and hash; `nil` is one for each processor.
  public var threads: Int?

  public init() {}

  /// Where pad files go.
  var padding: ContentPlan.Padding {
    switch format {
    case .v1: isPadded ? .behind : .none
    case .v2: .before
    case .hybrid: .behind
    }
  }
}
