/// Puts a new torrent together of what the walk and the hashing found. Pure.
struct TorrentBuilder: Sendable {
  let name: TorrentPath
  /// For version 2 and hybrids with pad files, so that every file starts at a piece.
  let layout: FileLayout
  let geometry: PieceGeometry
  let isSingleFile: Bool
  let options: AuthorOptions

  /// The torrent and the bytes of its .torrent file, in canonical form: the same content and options give the
  /// same bytes. O(files + pieces).
  func build(_ pieces: PieceTable) -> AuthoredTorrent {
    build(pieceHashes: pieces.sha1, merkle: pieces.merkle(layout: layout, geometry: geometry))
  }

  private func build(pieceHashes: [UInt8]?, merkle: MerkleHashes?) -> AuthoredTorrent {
    let info = Info(
      name: name, layout: layout, geometry: geometry, pieceHashes: pieceHashes, merkle: merkle,
      isSingleFile: isSingleFile, isPrivate: options.isPrivate, source: options.source)
    let infoBytes = info.encoded()
    let torrent = Torrent(
      infoHashes: info.format.infoHashes(of: infoBytes[...]), info: info,
      announce: options.announce, webSeeds: options.webSeeds, nodes: options.nodes, comment: options.comment,
      createdBy: options.createdBy, creationDate: options.creationDate)
    return AuthoredTorrent(torrent: torrent, bytes: torrent.encoded(infoBytes: infoBytes))
  }

  /// Bytes of the .torrent that `build` will make, before there are digests; of version 2 and hybrids fewer where files
  /// longer than a piece are equal, since those share a piece layer. O(files), whatever the number of pieces.
  var torrentLength: Int {
    var length = 0
    /// Counts a string that is written empty and will have so many bytes.
    func add(_ digests: Int) { length += digests + String(digests).utf8.count - "0".utf8.count }
    if options.format.hasPieceHashes { add(geometry.pieceCount * SHA1.length) }
    var roots: [UInt8] = []
    if options.format.hasMerkleHashes {
      for (number, file) in layout.files.enumerated() {
        // Not zeros, which stand for no root, and of each file another.
        let isHashed = file.length > 0 && !file.isPadding
        roots.append(contentsOf: [UInt8](repeating: isHashed ? 1 : 0, count: SHA256.length - 8))
        withUnsafeBytes(of: isHashed ? number.bigEndian : 0) { roots.append(contentsOf: $0) }
        if isHashed, file.length > geometry.pieceLength {
          add(geometry.pieces(touching: file.range).count * SHA256.length)
        }
      }
    }
    let made = build(
      pieceHashes: options.format.hasPieceHashes ? [] : nil,
      merkle: options.format.hasMerkleHashes ? MerkleHashes(layer: [], roots: roots) : nil)
    return made.bytes.count + length
  }
}
