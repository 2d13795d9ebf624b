import Bencode

/// Reads an info dictionary: the part of a torrent in which every field counts and any doubt is an error.
struct InfoDecoder {
  private let fields: Fields
  /// Whether the whole document is canonical.
  private let isCanonical: Bool
  /// Where the info dictionary isn't.
  private let flaw: BencodeWarning?
  private var paths = PathDecoder()
  private var otherNames = OtherNames()

  var warnings: [MetainfoWarning] { paths.warnings }

  /// - Parameter warnings: What reading the document gave.
  init(_ fields: Fields, _ warnings: [BencodeWarning]) {
    self.fields = fields
    isCanonical = warnings.isEmpty
    flaw = warnings.first { fields.node.range.contains($0.offset) }
  }

  /// - Parameter pieceLayers: The `piece layers` that stand beside the info dictionary (BEP 52).
  mutating func decode(pieceLayers: BencodeNode?) throws(MetainfoError) -> Info {
    let isVersion2 = try isVersion2()
    if isVersion2, let flaw { throw MetainfoError(.malformed, "version 2 must be canonical: \(flaw)") }
    let isVersion1 = isVersion2 ? try hasVersion1Part() : true
    let name = try name()
    let pieceLength = try pieceLength(isVersion2: isVersion2)
    let pieces = isVersion1 ? try pieces() : nil
    let tree = isVersion2 ? try fileTree() : []
    let isSingleFile: Bool
    let files: FileList
    if isVersion1 {
      (files, isSingleFile) = try listedFiles(name)
    } else {
      isSingleFile = tree.count == 1 && tree[0].path == name
      files = Self.aligned(tree, pieceLength)
    }
    let layout = FileLayout(files: files)
    let geometry = try geometry(layout, pieceLength, pieces: pieces)
    var merkle: MerkleHashes?
    if isVersion2 {
      if isVersion1 { try VersionAgreement(fields: fields, pieceLength: pieceLength).check(files, tree) }
      merkle = try PieceLayers(pieceLayers, geometry: geometry).hashes(of: tree, in: files)
      if let merkle, !merkle.gaps.isEmpty { paths.warn(.pieceLayers(files: merkle.gaps.count)) }
    }
    return Info(
      name: name, layout: layout, geometry: geometry, pieceHashes: pieces.map(Array.init), merkle: merkle,
      isSingleFile: isSingleFile, isPrivate: try isPrivate(), source: try source(), otherNames: otherNames)
  }

  /// BEP 27 says 1; every other number but 0 is taken for it by libtorrent and Transmission, and to take a torrent for
  /// private that isn't does less harm than the opposite.
  private mutating func isPrivate() throws(MetainfoError) -> Bool {
    guard let node = try fields.find("private") else { return false }
    guard node.kind == .integer else {
      paths.warn(.ignored(field: "info.private", reason: "not an integer"))
      return false
    }
    return node.integer != 0
  }

  private mutating func source() throws(MetainfoError) -> String? {
    guard let node = try fields.find("source") else { return nil }
    guard let source = node.string else {
      paths.warn(.ignored(field: "info.source", reason: "not a string"))
      return nil
    }
    return String(decoding: source, as: UTF8.self)
  }

  private func isVersion2() throws(MetainfoError) -> Bool {
    let version = try fields.integer("meta version")
    switch version {
    case 2: return true
    case nil, 1:
      guard try fields.find("file tree") == nil else {
        let found = version.map { "\($0)" } ?? "missing"
        throw fields.malformed("meta version", "\(found), but a file tree needs version 2")
      }
      return false
    case .some(let version):
      throw MetainfoError(.unsupported, field: "meta version", "\(version): only 1 and 2 are known")
    }
  }

  private func hasVersion1Part() throws(MetainfoError) -> Bool {
    for key in ["pieces", "files", "length"] where try fields.find(key) != nil { return true }
    return false
  }

  private mutating func name() throws(MetainfoError) -> TorrentPath {
    let twin = try fields.find("name.utf-8")?.string
    let own = twin == nil ? try fields.required(fields.string("name"), "name") : try fields.string("name")
    let raw = PathDecoder.Raw(own: own.map { [$0] }, twin: twin.map { [$0] }, field: "name")
    let name = try fields.required(paths.name(raw), "name")
    otherNames.name = raw.other(than: name)?.first
    return name
  }

  private func pieceLength(isVersion2: Bool) throws(MetainfoError) -> Int {
    let length = try fields.required(fields.integer("piece length"), "piece length")
    guard (1...PieceGeometry.maximumPieceLength).contains(length) else {
      let range = "1 to \(PieceGeometry.maximumPieceLength)"
      throw fields.malformed("piece length", "\(length): not within \(range)")
    }
    guard !isVersion2 || length >= PieceGeometry.blockLength && length.nonzeroBitCount == 1 else {
      throw fields.malformed(
        "piece length", "\(length): version 2 needs a power of two of at least \(PieceGeometry.blockLength)")
    }
    return length
  }

  private func pieces() throws(MetainfoError) -> ArraySlice<UInt8> {
    let pieces = try fields.required(fields.string("pieces"), "pieces")
    guard pieces.count % SHA1.length == 0 else {
      throw fields.malformed("pieces", "\(pieces.count) bytes, not a multiple of \(SHA1.length)")
    }
    return pieces
  }

  private mutating func fileTree() throws(MetainfoError) -> [FileTreeDecoder.File] {
    let tree = try fields.required(fields.dictionary("file tree"), "file tree")
    var decoder = FileTreeDecoder(paths: paths, mayRepeat: fields.mayRepeat)
    try decoder.decode(tree)
    paths = decoder.paths
    guard !decoder.files.isEmpty else { throw fields.malformed("file tree", "no file") }
    return decoder.files
  }

  private mutating func listedFiles(
    _ name: TorrentPath
  ) throws(MetainfoError) -> (files: FileList, isSingleFile: Bool) {
    let length = try fields.length("length")
    guard let list = try fields.list("files") else {
      let file = FileEntry(path: name, length: try fields.required(length, "length"), offset: 0)
      return (FileList([file]), true)
    }
    if length != nil { paths.warn(.ignored(field: "info.length", reason: "given beside files")) }
    var decoder = FileListDecoder(list, fields: fields, isCanonical: isCanonical, paths: paths)
    let files = try decoder.decode()
    paths = decoder.paths
    otherNames.files = decoder.otherNames
    return (files, false)
  }

  private func geometry(
    _ layout: FileLayout, _ pieceLength: Int, pieces: ArraySlice<UInt8>?
  ) throws(MetainfoError) -> PieceGeometry {
    guard let geometry = PieceGeometry(totalLength: layout.totalLength, pieceLength: pieceLength) else {
      let sizes = "\(layout.totalLength) bytes in pieces of \(pieceLength)"
      throw fields.malformed("piece length", "\(sizes): more than \(PieceGeometry.maximumPieceCount) pieces")
    }
    if let pieces {
      let hashes = pieces.count / SHA1.length
      guard hashes == geometry.pieceCount else {
        throw fields.malformed("pieces", "\(hashes) hashes, \(geometry.pieceCount) pieces needed")
      }
    }
    return geometry
  }

  /// The files of version 2 alone, with pad files between them so that each starts at a piece, an empty one too:
  /// files have the same numbers in other programs, and links name them by these (BEP 53).
  private static func aligned(_ tree: [FileTreeDecoder.File], _ pieceLength: Int) -> FileList {
    var entries: [FileEntry] = []
    var offset = 0
    for file in tree {
      if let padding = FileEntry.padding(at: offset, pieceLength: pieceLength) {
        entries.append(padding)
        offset += padding.length
      }
      entries.append(FileEntry(path: file.path, length: file.length, offset: offset))
      offset += file.length
    }
    return FileList(entries)
  }
}
