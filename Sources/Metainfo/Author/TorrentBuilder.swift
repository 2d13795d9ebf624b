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
      comment: options.comment, createdBy: options.createdBy, creationDate: options.creationDate)
    return AuthoredTorrent(torrent: torrent, bytes: torrent.encoded(infoBytes: infoBytes))
  }
}
