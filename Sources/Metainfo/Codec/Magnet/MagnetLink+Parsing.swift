extension MagnetLink {
  /// Bytes of the longest link that is read.
  public static let maximumLength = 1 << 20

  /// Reads a link. What names the torrent must be right; of all else, what can't be used is left out with a
  /// warning.
  ///
  /// - `xt` is `urn:btih:` with 40 hexadecimal or 32 base 32 digits, or `urn:btmh:1220` with 64 hexadecimal digits
  ///   (the multihash of SHA-256); in any case, and other names are passed over.
  /// - A key may be repeated, and numbered (`tr.1`). Of `dn` and `xl` the first counts.
  /// - Values are percent-encoded; in `dn`, `+` is a space. `&amp;` counts as `&`.
  ///
  /// O(length).
  public init(parsing text: String) throws(MagnetError) {
    var parser = MagnetParser()
    try parser.parse(Array(text.utf8))
    guard let infoHashes = InfoHashes(v1: parser.v1, v2: parser.v2) else {
      throw MagnetError(.missingInfoHash, "no info-hash (xt=urn:btih:… or xt=urn:btmh:…)")
    }
    self.init(
      infoHashes: infoHashes, name: parser.name, exactLength: parser.exactLength,
      trackers: parser.trackers.all,
      webSeeds: parser.webSeeds.all, peers: parser.peers.all, nodes: parser.nodes.all,
      selection: parser.selection.isEmpty ? nil : FileIndices.merged(parser.selection),
      warnings: parser.warnings)
  }
}
