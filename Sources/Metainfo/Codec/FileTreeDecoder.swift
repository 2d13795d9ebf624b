import Bencode

/// Reads the file tree of version 2 (BEP 52): dictionaries by the components of the paths, in which the key ""
/// makes a file of what would be a folder.
struct FileTreeDecoder {
  struct File {
    let path: TorrentPath
    /// Bytes.
    let length: Int
    /// The 32 bytes of the root; `nil` for an empty file.
    let root: ArraySlice<UInt8>?
  }

  private(set) var files: [File] = []
  private(set) var paths: PathDecoder
  private let mayRepeat: Bool
  private var totalLength = 0
  private var hasRenamed = false
  /// The folders around what is being read, and whether their names can be used as they are.
  private var folders: [(raw: ArraySlice<UInt8>, name: String?)] = []

  init(paths: PathDecoder, mayRepeat: Bool) {
    self.paths = paths
    self.mayRepeat = mayRepeat
  }

  /// Appends the files of the tree in its order, which must be that of the bytes of the names: pieces are
  /// counted in it. O(bytes of the tree); recursion is bounded by the depth of the document.
  mutating func decode(_ tree: BencodeNode) throws(MetainfoError) {
    try decodeFolder(tree)
    guard hasRenamed else { return }
    // Names that differ in the torrent can be equal once they are safe.
    let entries = files.map { FileEntry(path: $0.path, length: 0, offset: 0) }
    for (index, path) in try UniquePaths.renamed(entries, field: "file tree") {
      files[index] = File(path: path, length: files[index].length, root: files[index].root)
      paths.warn(
        .renamed(field: "file tree", from: entries[index].path.description, to: path.description))
    }
  }

  private mutating func decodeFolder(_ node: BencodeNode) throws(MetainfoError) {
    var last: ArraySlice<UInt8>?
    for (key, value) in node.entries {
      let place = place(key)
      if let last, !last.lexicographicallyPrecedes(key) {
        throw MetainfoError(.malformed, field: place.description, "not in the order of the names")
      }
      last = key
      guard !key.isEmpty else {
        throw MetainfoError(.malformed, field: place.description, "a file and a folder at once")
      }
      guard value.kind == .dictionary else {
        throw MetainfoError(.malformed, field: place.description, "not a dictionary")
      }
      if let file = value[""] {
        guard value.count == 1 else {
          throw MetainfoError(.malformed, field: place.description, "a file and a folder at once")
        }
        try decodeFile(file, place, key)
      } else {
        folders.append((key, TorrentPath.plainComponent(key)))
        try decodeFolder(value)
        folders.removeLast()
      }
    }
  }

  private mutating func decodeFile(
    _ node: BencodeNode, _ place: Fields.Place, _ name: ArraySlice<UInt8>
  ) throws(MetainfoError) {
    guard node.kind == .dictionary else {
      throw MetainfoError(.malformed, field: place.description, "not a dictionary")
    }
    let fields = Fields(node: node, place: place, mayRepeat: mayRepeat)
    let attributes = try fields.find("attr")?.string ?? []
    let isLink = attributes.contains(UInt8(ascii: "l"))
    let length =
      isLink ? try fields.length("length") ?? 0 : try fields.required(fields.length("length"), "length")
    if length == 0, isLink {
      paths.warn(.symbolicLink(field: place.description))
      return
    }
    guard !attributes.contains(UInt8(ascii: "p")) else {
      throw fields.malformed("attr", "a pad file, which version 2 has no use for")
    }
    totalLength += length
    guard totalLength <= PieceGeometry.maximumTotalLength else {
      let limit = PieceGeometry.maximumTotalLength
      throw MetainfoError(.malformed, field: "file tree", "more than \(limit) bytes in all")
    }
    files.append(
      File(path: try path(name, place), length: length, root: length == 0 ? nil : try root(fields)))
  }

  private func root(_ fields: Fields) throws(MetainfoError) -> ArraySlice<UInt8> {
    let root = try fields.required(fields.string("pieces root"), "pieces root")
    guard root.count == MerkleHashes.length else {
      throw fields.malformed("pieces root", "\(root.count) bytes instead of \(MerkleHashes.length)")
    }
    guard root.contains(where: { $0 != 0 }) else {
      throw fields.malformed("pieces root", "all zeros, which no content has")
    }
    return root
  }

  private mutating func path(
    _ name: ArraySlice<UInt8>, _ place: Fields.Place
  ) throws(MetainfoError) -> TorrentPath {
    if folders.count < TorrentPath.maximumDepth, let plain = TorrentPath.plainComponent(name) {
      var components: [String] = []
      components.reserveCapacity(folders.count + 1)
      for folder in folders { if let name = folder.name { components.append(name) } }
      if components.count == folders.count { return TorrentPath(unchecked: components + [plain]) }
    }
    hasRenamed = true
    return try paths.path(folders.map(\.raw) + [name], field: place.description)
  }

  private func place(_ name: ArraySlice<UInt8>) -> Fields.Place { .tree(folders.map(\.raw) + [name]) }
}
