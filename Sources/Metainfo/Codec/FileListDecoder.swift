import Bencode

/// Reads the `files` of version 1 (BEP 3, BEP 47).
///
/// Nearly every file of nearly every torrent is of a plain form, in which its path needs no change and can be
/// left where it is until somebody asks for it. `PlainFile` recognises that form; anything else takes the long
/// way.
struct FileListDecoder {
  private let list: BencodeNode
  private let fields: Fields
  private let isCanonical: Bool
  private(set) var paths: PathDecoder
  /// Other names of files on disk, by their number.
  private(set) var otherNames: [Int: [String]] = [:]

  private var ends: [Int] = []
  private var padding: [Bool] = []
  private var starts: [UInt32] = []
  private var replaced: [Int: TorrentPath] = [:]
  private var collisions: PathCollisions

  init(_ list: BencodeNode, fields: Fields, isCanonical: Bool, paths: PathDecoder) {
    self.list = list
    self.fields = fields
    self.isCanonical = isCanonical
    self.paths = paths
    let count = list.count
    collisions = PathCollisions(files: count)
    ends.reserveCapacity(count)
    padding.reserveCapacity(count)
    starts.reserveCapacity(count)
  }

  /// O(bytes of the list).
  mutating func decode() throws(MetainfoError) -> FileList {
    let storage = list.storage
    let (tokens, bytes) = (storage.tokens, storage.bytes)
    var position = list.index + 1
    let end = list.index + list.token.span - 1
    var number = 0
    while position < end {
      if isCanonical, let file = PlainFile(tokens, bytes, at: position) {
        try add(length: file.length, isPadding: file.isPadding)
        starts.append(UInt32(truncatingIfNeeded: file.pathStart))
        if !file.isPadding { collisions.add(tokens, bytes, path: file.pathToken) }
      } else {
        try decodeClosely(BencodeNode(storage: storage, index: position), number)
      }
      position += tokens[position].span
      number += 1
    }
    guard !ends.isEmpty else { throw fields.malformed("files", "no file") }
    let files = list(replaced)
    guard !replaced.isEmpty || collisions.arePossible else { return files }
    for (index, path) in try UniquePaths.renamed(Array(files), field: "files") {
      let wanted = files[index].path.description
      paths.warn(.renamed(field: "files", from: wanted, to: path.description))
      replaced[index] = path
    }
    return list(replaced)
  }

  private func list(_ replaced: [Int: TorrentPath]) -> FileList {
    FileList(
      ends: ends, padding: padding,
      paths: .encoded(EncodedPaths(bytes: list.storage.bytes, starts: starts, replaced: replaced)))
  }

  private mutating func add(length: Int, isPadding: Bool) throws(MetainfoError) {
    // Both are at most 2^53.
    let end = (ends.last ?? 0) + length
    guard end <= PieceGeometry.maximumTotalLength else {
      throw fields.malformed("files", "more than \(PieceGeometry.maximumTotalLength) bytes in all")
    }
    ends.append(end)
    padding.append(isPadding)
  }

  /// A symbolic link that takes no room in the content is left out, and so is what BitComet writes for an empty folder.
  private mutating func decodeClosely(_ node: BencodeNode, _ number: Int) throws(MetainfoError) {
    guard node.kind == .dictionary else { throw fields.malformed("files[\(number)]", "not a dictionary") }
    let file = Fields(node: node, place: .file(number), mayRepeat: fields.mayRepeat)
    let attributes = try file.find("attr")?.string ?? []
    // BEP 47 lets a link be without a length, and a pad file without a path.
    let isLink = attributes.contains(UInt8(ascii: "l"))
    let length = isLink ? try file.length("length") ?? 0 : try file.required(file.length("length"), "length")
    let raw = try PathDecoder.Raw(
      own: components(file, "path"), twin: try? components(file, "path.utf-8"), field: file.name("path"))
    if length == 0, raw.own?.count ?? 0 > 1, raw.own?.last?.isEmpty == true {
      paths.warn(.ignored(field: "files[\(number)]", reason: "an empty folder"))
      return
    }
    let isPadding = attributes.contains(UInt8(ascii: "p"))
    var found = try paths.path(raw)
    if found == nil, isPadding { found = TorrentPath(unchecked: [".pad", "\(length)"]) }
    let path = try file.required(found, "path")
    if length == 0, isLink {
      paths.warn(.symbolicLink(field: "files[\(number)]"))
      return
    }
    replaced[ends.count] = path
    otherNames[ends.count] = raw.other(than: path)
    starts.append(0)
    try add(length: length, isPadding: isPadding || path.name.hasPrefix(TorrentPath.paddingPrefix))
  }

  /// No more components than are too many.
  private func components(_ file: Fields, _ key: String) throws(MetainfoError) -> [ArraySlice<UInt8>]? {
    guard let list = try file.list(key) else { return nil }
    var components: [ArraySlice<UInt8>] = []
    for element in list.elements.prefix(TorrentPath.maximumDepth + 1) {
      guard let component = element.string else { throw file.malformed(key, "not a list of strings") }
      components.append(component)
    }
    return components
  }
}
