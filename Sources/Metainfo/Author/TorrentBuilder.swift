/// Puts a new torrent together of what the walk and the hashing found. Pure.
struct TorrentBuilder: Sendable {
  let name: TorrentPath
  let layout: FileLayout
  let geometry: PieceGeometry
  let isSingleFile: Bool
  let options: AuthorOptions

  /// The torrent and the bytes of its .torrent file, in canonical form: the same content and options give the
  /// same bytes. O(files + pieces).
  func build(pieceHashes: [UInt8]) -> AuthoredTorrent {
    let info = Info(
      name: name, layout: layout, geometry: geometry, pieceHashes: pieceHashes, isSingleFile: isSingleFile,
      isPrivate: options.isPrivate, source: options.source)
    let infoBytes = info.encoded()
    let torrent = Torrent(
      infoHashes: InfoHashes(InfoHash(SHA1.digest(of: infoBytes))), info: info, announce: options.announce,
      webSeeds: options.webSeeds, nodes: options.nodes, comment: options.comment,
      createdBy: options.createdBy,
      creationDate: options.creationDate)
    return AuthoredTorrent(torrent: torrent, bytes: torrent.encoded(infoBytes: infoBytes))
  }

  /// Bytes of the .torrent that `build` will make, before there are digests. O(files), whatever the number of pieces.
  var torrentLength: Int {
    let made = build(pieceHashes: [])
    let hashes = geometry.pieceCount * InfoHash.length
    return made.bytes.count - "0".utf8.count + String(hashes).utf8.count + hashes
  }
}
