/// A torrent named by its info-hash, with hints where to find it (BEP 9, 52 and 53): a `magnet:` link.
///
///     let link = try MagnetLink(parsing: "magnet:?xt=urn:btih:cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd&dn=film")
///     print(link.infoHashes.swarm, link.name ?? "without a name")
public struct MagnetLink: Hashable, Sendable {
  /// `xt`: one hash, or both of a hybrid.
  public var infoHashes: InfoHashes
  /// `dn`: what to call it until its own name is known. Any text: a path is not made of it.
  public var name: String?
  /// `xl`: bytes of the content.
  public var exactLength: Int?
  /// `tr`: URLs as the link has them, none twice. A link knows no tiers.
  public var trackers: [String]
  /// `ws` (BEP 19): URLs, none twice.
  public var webSeeds: [String]
  /// `x.pe`: peers to ask.
  public var peers: [Peer]
  /// `dht`: nodes to start from, which libtorrent writes too.
  public var nodes: [BootstrapNode]
  /// `so` (BEP 53): the indices of the files that are wanted, counted from 0 in the order of the torrent, pad
  /// files included; ascending and apart. `nil` is all files.
  public var selection: [ClosedRange<Int>]?
  /// What was odd about the link and yet let pass; a bounded number.
  public let warnings: [MetainfoWarning]

  /// The largest index that `selection` may have.
  public static let maximumFileIndex = 1 << 24 - 1

  public init(
    infoHashes: InfoHashes, name: String? = nil, exactLength: Int? = nil, trackers: [String] = [],
    webSeeds: [String] = [], peers: [Peer] = [], nodes: [BootstrapNode] = [],
    selection: [ClosedRange<Int>]? = nil, warnings: [MetainfoWarning] = []
  ) {
    self.infoHashes = infoHashes
    self.name = name
    self.exactLength = exactLength
    self.trackers = trackers
    self.webSeeds = webSeeds
    self.peers = peers
    self.nodes = nodes
    self.selection = selection
    self.warnings = warnings
  }

  /// The link of a torrent: hashes, name, size, trackers in the order of their tiers, web seeds and nodes.
  public init(_ torrent: Torrent) {
    var seen: Set<String> = []
    self.init(
      infoHashes: torrent.infoHashes, name: torrent.info.name.name, exactLength: torrent.info.contentLength,
      trackers: torrent.announce.tiers.joined().filter { seen.insert($0).inserted },
      webSeeds: torrent.webSeeds.filter { seen.insert($0).inserted }, nodes: torrent.nodes)
  }
}
