/// What to put into a new torrent besides the content.
public struct AuthorOptions: Hashable, Sendable {
  /// The torrent's name; `nil` takes the last component of the content's path.
  public var name: String?
  /// Bytes, see `PieceLengthRule.accepts`; `nil` chooses by `PieceLengthRule.current`.
  public var pieceLength: Int?
  public var announce = AnnounceTiers()
  /// BEP 27.
  public var isPrivate = false
  public var source: String?
  public var comment: String?
  /// The program that made it, by convention `torrentctl/VERSION`; `nil` leaves it out.
  public var createdBy: String?
  /// Seconds since 1970; `nil` leaves it out.
  public var creationDate: Int?
  public var filter = ContentFilter()
  /// Threads that read and hash; `nil` is one for each processor.
  public var threads: Int?

  public init() {}
}
