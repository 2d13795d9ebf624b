/// The info dictionary: what is hashed, and so what every peer of a swarm agrees on (BEP 3, BEP 52).
///
/// Never changes, and so is shared: whoever works with the same one keeps a reference, not a copy.
public final class Info: Sendable {
  /// The name of the file, or of the folder that holds the files; one safe component.
  public let name: TorrentPath
  public let format: TorrentFormat
  /// Files in content order with their offsets; one, with the path `name`, for a single-file torrent.
  ///
  /// Where there are hash trees every file starts at a piece. A hybrid has pad files for that in its version 1
  /// part; for version 2 alone, which needs none, the layout has pad files that are not in the torrent.
  public let layout: FileLayout
  public let geometry: PieceGeometry
  /// SHA-1 digests of the pieces, 20 bytes each, one after the other; empty for version 2 alone.
  public let pieceHashes: [UInt8]
  /// The hash trees of version 2 and of hybrids.
  public let merkle: MerkleHashes?
  /// Whether `files` lies in a folder of the torrent's name, or is a file of that name itself.
  public let isSingleFile: Bool
  /// BEP 27: peers come from the tracker alone.
  public let isPrivate: Bool
  public let source: String?
  let otherNames: OtherNames

  /// - Parameters:
  ///   - pieceHashes: `nil` makes a torrent of version 2 alone.
  ///   - merkle: `nil` makes a torrent of version 1 alone; it is never both.
  public convenience init(
    name: TorrentPath, layout: FileLayout, geometry: PieceGeometry, pieceHashes: [UInt8]?,
    merkle: MerkleHashes? = nil, isSingleFile: Bool, isPrivate: Bool = false, source: String? = nil
  ) {
    self.init(
      name: name, layout: layout, geometry: geometry, pieceHashes: pieceHashes, merkle: merkle,
      isSingleFile: isSingleFile, isPrivate: isPrivate, source: source, otherNames: OtherNames())
  }

  init(
    name: TorrentPath, layout: FileLayout, geometry: PieceGeometry, pieceHashes: [UInt8]?,
    merkle: MerkleHashes?, isSingleFile: Bool, isPrivate: Bool, source: String?, otherNames: OtherNames
  ) {
    self.name = name
    self.format = merkle == nil ? .v1 : pieceHashes == nil ? .v2 : .hybrid
    self.layout = layout
    self.geometry = geometry
    self.pieceHashes = pieceHashes ?? []
    self.merkle = merkle
    self.isSingleFile = isSingleFile
    self.isPrivate = isPrivate
    self.source = source
    self.otherNames = otherNames
  }

  public var files: FileList { layout.files }

  /// Bytes of the files themselves, pad files left out.
  public var contentLength: Int { layout.contentLength }

  /// The path of a file below the folder that the torrent is kept in: its own for a single-file torrent, and
  /// behind the torrent's name for the others.
  public func diskPath(of file: Int) -> [String] {
    isSingleFile ? name.components : name.components + files[file].path.components
  }

  /// The SHA-1 digest that the piece must have; empty for version 2 alone.
  public func hash(of piece: PieceIndex) -> ArraySlice<UInt8> {
    guard format.hasPieceHashes else { return [] }
    return pieceHashes[piece.value * InfoHash.length..<(piece.value + 1) * InfoHash.length]
  }
}
