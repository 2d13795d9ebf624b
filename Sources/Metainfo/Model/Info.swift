/// The info dictionary: what is hashed, and so what every peer of a swarm agrees on (BEP 3).
public struct Info: Sendable {
  /// The name of the file, or of the folder that holds the files; one safe component.
  public let name: TorrentPath
  /// Files in content order with their offsets; one, with the path `name`, for a single-file torrent.
  public let layout: FileLayout
  public let geometry: PieceGeometry
  /// SHA-1 digests of the pieces, 20 bytes each, one after the other.
  public let pieceHashes: [UInt8]
  /// Whether `files` lies in a folder of the torrent's name, or is a file of that name itself.
  public let isSingleFile: Bool
  /// BEP 27: peers come from the tracker alone.
  public let isPrivate: Bool
  public let source: String?

  public init(
    name: TorrentPath, layout: FileLayout, geometry: PieceGeometry, pieceHashes: [UInt8], isSingleFile: Bool,
    isPrivate: Bool = false, source: String? = nil
  ) {
    self.name = name
    self.layout = layout
    self.geometry = geometry
    self.pieceHashes = pieceHashes
    self.isSingleFile = isSingleFile
    self.isPrivate = isPrivate
    self.source = source
  }

  public var files: [FileEntry] { layout.files }

  /// The path of a file below the folder that the torrent is kept in: its own for a single-file torrent, and
  /// behind the torrent's name for the others.
  public func diskPath(of file: Int) -> [String] {
    isSingleFile ? name.components : name.components + files[file].path.components
  }

  /// The digest that the piece must have.
  public func hash(of piece: PieceIndex) -> ArraySlice<UInt8> {
    pieceHashes[piece.value * InfoHash.length..<(piece.value + 1) * InfoHash.length]
  }
}
