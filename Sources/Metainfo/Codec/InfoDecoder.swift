import Bencode

/// Reads an info dictionary: the part of a torrent in which every field counts and any doubt is an error.
struct InfoDecoder {
  private let fields: Fields
  private(set) var warnings: [MetainfoWarning] = []

  init(_ fields: Fields) { self.fields = fields }

  mutating func decode() throws(MetainfoError) -> Info {
    let name = try name()
    let pieceLength = try fields.required(fields.integer("piece length"), "piece length")
    guard (1...PieceGeometry.maximumPieceLength).contains(pieceLength) else {
      let range = "1 to \(PieceGeometry.maximumPieceLength)"
      throw fields.malformed("piece length", "\(pieceLength): not within \(range)")
    }
    let pieces = try pieces()
    let (files, isSingleFile) = try files(name)
    let layout = FileLayout(files: files)
    guard let geometry = PieceGeometry(totalLength: layout.totalLength, pieceLength: pieceLength) else {
      let sizes = "\(layout.totalLength) bytes in pieces of \(pieceLength)"
      throw fields.malformed("piece length", "\(sizes): more than \(PieceGeometry.maximumPieceCount) pieces")
    }
    let hashes = pieces.count / SHA1.length
    guard hashes == geometry.pieceCount else {
      throw fields.malformed("pieces", "\(hashes) hashes, \(geometry.pieceCount) pieces needed")
    }
    return Info(
      name: name, layout: layout, geometry: geometry, pieceHashes: Array(pieces), isSingleFile: isSingleFile,
      isPrivate: try fields.find("private")?.integer == 1,
      source: try fields.find("source")?.string.map { String(decoding: $0, as: UTF8.self) })
  }

  private mutating func name() throws(MetainfoError) -> TorrentPath {
    let raw = try fields.required(fields.string("name"), "name")
    let name = try path([preferredText(raw)], field: "name")
    if !name.isVerbatim([raw]) { rename("name", from: [raw], to: name) }
    return name
  }

  private func pieces() throws(MetainfoError) -> ArraySlice<UInt8> {
    guard let pieces = try fields.string("pieces") else {
      guard try fields.find("file tree") == nil else {
        throw MetainfoError(
          .unsupported, field: "pieces", "missing: torrents of version 2 alone can't be read yet")
      }
      throw fields.malformed("pieces", "missing")
    }
    guard pieces.count % SHA1.length == 0 else {
      throw fields.malformed("pieces", "\(pieces.count) bytes, not a multiple of \(SHA1.length)")
    }
    return pieces
  }

  private mutating func files(
    _ name: TorrentPath
  ) throws(MetainfoError) -> (files: [FileEntry], isSingleFile: Bool) {
    let length = try fields.length("length")
    guard let list = try fields.list("files") else {
      return ([FileEntry(path: name, length: try fields.required(length, "length"), offset: 0)], true)
    }
    guard length == nil else { throw fields.malformed("length", "given beside files") }
    var files: [FileEntry] = []
    var offset = 0
    var position = 0
    for element in list.elements {
      if let file = try file(element, number: position, offset: offset) {
        files.append(file)
        // Both are at most 2^53.
        offset += file.length
        guard offset <= PieceGeometry.maximumTotalLength else {
          let limit = PieceGeometry.maximumTotalLength
          throw fields.malformed("files", "more than \(limit) bytes in all")
        }
      }
      position += 1
    }
    guard !files.isEmpty else { throw fields.malformed("files", "no file") }
    for (number, path) in UniquePaths.renamed(files) {
      let file = files[number]
      files[number] = FileEntry(path: path, length: file.length, offset: file.offset)
      rename("files", from: file.path.components.map { Array($0.utf8)[...] }, to: path)
    }
    return (files, false)
  }

  /// `nil` for a symbolic link that takes no room in the content.
  private mutating func file(
    _ node: BencodeNode, number: Int, offset: Int
  ) throws(MetainfoError) -> FileEntry? {
    guard node.kind == .dictionary else { throw fields.malformed("files[\(number)]", "not a dictionary") }
    let file = Fields(node: node, fileNumber: number, mayRepeat: fields.mayRepeat)
    let length = try file.required(file.length("length"), "length")
    let attributes = try file.find("attr")?.string ?? []
    let raw = try components(file, "path")
    let path = try path(preferredText(raw, file), field: file.name("path"))
    if !path.isVerbatim(raw) { rename(file.name("path"), from: raw, to: path) }
    if length == 0, attributes.contains(UInt8(ascii: "l")) {
      warn(.symbolicLink(field: "files[\(number)]"))
      return nil
    }
    return FileEntry(
      path: path, length: length, offset: offset, isPadding: attributes.contains(UInt8(ascii: "p")))
  }

  /// No more components than are too many.
  private func components(_ file: Fields, _ key: String) throws(MetainfoError) -> [ArraySlice<UInt8>] {
    let list = try file.required(file.list(key), key)
    var components: [ArraySlice<UInt8>] = []
    for element in list.elements.prefix(TorrentPath.maximumDepth + 1) {
      guard let component = element.string else { throw file.malformed(key, "not a list of strings") }
      components.append(component)
    }
    return components
  }

  private func path(
    _ raw: [ArraySlice<UInt8>], field: @autoclosure () -> String
  ) throws(MetainfoError) -> TorrentPath {
    do throws(TorrentPath.Refusal) {
      return try TorrentPath(sanitizing: raw)
    } catch {
      switch error {
      case .empty: throw MetainfoError(.malformed, field: field(), "empty")
      case .parentDirectory:
        throw MetainfoError(.unsafe, field: field(), "\"..\" leads out of the torrent's folder")
      case .tooDeep:
        throw MetainfoError(.malformed, field: field(), "more than \(TorrentPath.maximumDepth) levels")
      }
    }
  }

  /// Programs that write names in a local encoding often give them in UTF-8 too, under a key of their own.
  private func preferredText(_ raw: ArraySlice<UInt8>) throws(MetainfoError) -> ArraySlice<UInt8> {
    guard let text = try fields.string("name.utf-8") else { return raw }
    return String(validating: raw, as: UTF8.self) == nil ? text : raw
  }

  private func preferredText(
    _ raw: [ArraySlice<UInt8>], _ file: Fields
  ) throws(MetainfoError) -> [ArraySlice<UInt8>] {
    guard try file.find("path.utf-8") != nil else { return raw }
    let isText = raw.allSatisfy { String(validating: $0, as: UTF8.self) != nil }
    return isText ? raw : try components(file, "path.utf-8")
  }

  private mutating func rename(_ field: String, from raw: [ArraySlice<UInt8>], to path: TorrentPath) {
    guard warnings.count < MetainfoWarning.maximumCount else { return }
    let from = raw.map { Escaping.replacingInvalid($0) { "\\x" + $0 } }.joined(separator: "/")
    warn(.renamed(field: field, from: from, to: path.description))
  }

  private mutating func warn(_ warning: MetainfoWarning) {
    if warnings.count < MetainfoWarning.maximumCount { warnings.append(warning) }
  }
}
