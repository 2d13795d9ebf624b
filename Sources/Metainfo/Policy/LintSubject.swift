/// What the lints look at: a torrent, or one that is about to be made, before anything is hashed.
public struct LintSubject: Sendable {
  /// From here on libtorrent, and what is built on it, refuses a torrent: 2^21 pieces.
  public static let refusedPieceCount = 1 << 21
  /// What most programs read of a .torrent, this one too: bytes.
  public static let torrentLengthLimit = 10_000_000

  public var name: TorrentPath
  public var layout: FileLayout
  public var geometry: PieceGeometry
  public var isSingleFile: Bool
  public var format: TorrentFormat
  public var isPrivate: Bool
  public var announce: AnnounceTiers
  public var webSeeds: [String]
  public var nodes: [BootstrapNode]
  /// Bytes of the .torrent; `nil` when that is not known.
  public var torrentLength: Int?

  public init(
    name: TorrentPath, layout: FileLayout, geometry: PieceGeometry, isSingleFile: Bool,
    format: TorrentFormat = .v1, isPrivate: Bool = false,
    announce: AnnounceTiers = AnnounceTiers(), webSeeds: [String] = [], nodes: [BootstrapNode] = [],
    torrentLength: Int? = nil
  ) {
    self.name = name
    self.layout = layout
    self.geometry = geometry
    self.isSingleFile = isSingleFile
    self.format = format
    self.isPrivate = isPrivate
    self.announce = announce
    self.webSeeds = webSeeds
    self.nodes = nodes
    self.torrentLength = torrentLength
  }

  public init(torrent: Torrent, torrentLength: Int?) {
    self.init(
      name: torrent.info.name, layout: torrent.info.layout, geometry: torrent.info.geometry,
      isSingleFile: torrent.info.isSingleFile, format: torrent.info.format, isPrivate: torrent.info.isPrivate,
      announce: torrent.announce,
      webSeeds: torrent.webSeeds, nodes: torrent.nodes, torrentLength: torrentLength)
  }

  /// Everything that there is to say, in the order of `Lint.allCases`; of each lint the first ten places and the
  /// number of the others. O(bytes of all paths), and about 16 bytes of memory for a file.
  public func findings() -> [LintFinding] {
    var tally = LintTally()
    checkPieces(&tally)
    checkTrackers(&tally)
    checkWebSeeds(&tally)
    checkNames(&tally)
    return tally.findings
  }
}
