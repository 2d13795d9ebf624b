import Metainfo
import Text

/// A .torrent that could be made, before any content is read: what `create --dry-run` says.
struct PlannedTorrent {
  let author: TorrentAuthor
  /// Where it would go, as the user wrote it.
  let path: String
  /// A line each.
  let warnings: [String]

  /// What is meant to be on a disk.
  private var files: [FileEntry] { author.layout.files.filter { !$0.isPadding } }
  private var geometry: PieceGeometry { author.geometry }

  /// Adds the rows in front of the files.
  func add(to report: inout Report) {
    report.add("torrent", "\(path), \(Self.size(author.torrentLength))")
    report.add("name", author.name.name)
    report.add("format", author.format.rawValue)
    report.add("size", Self.size(author.layout.contentLength))
    report.add("pieces", "\(geometry.pieceCount) of \(Self.size(geometry.pieceLength))")
    report.add("files", "\(files.count)")
    report.add("warnings", each: warnings)
  }

  /// A line for each file, its size in front.
  var fileList: String {
    let sizes = files.map { Quantity.size($0.length) }
    let width = sizes.map(\.count).max() ?? 0
    var text = ""
    for (size, file) in zip(sizes, files) {
      text += String(repeating: " ", count: width + 2 - size.count) + size
      text += "  \(Escaping.escaped(file.path.description))\n"
    }
    return text
  }

  /// The document of a `create` that was done, with `null` for what hashing finds out, and the files.
  var json: JSON {
    [
      "dryRun": true, "torrent": .string(path), "torrentLength": .integer(author.torrentLength),
      "name": .string(author.name.name), "format": .string(author.format.rawValue),
      "infoHash": ["v1": .null, "v2": .null],
      "pieceLength": .integer(geometry.pieceLength), "pieceCount": .integer(geometry.pieceCount),
      "fileCount": .integer(files.count), "totalLength": .integer(author.layout.contentLength),
      "magnet": .null,
      "warnings": .array(warnings.map(JSON.string)), "files": .array(files.map(Self.json)),
    ]
  }

  private static func json(_ file: FileEntry) -> JSON {
    [
      "path": .array(file.path.components.map(JSON.string)), "length": .integer(file.length),
      "offset": .integer(file.offset),
    ]
  }

  private static func size(_ bytes: Int) -> String {
    bytes < 1024 ? Quantity.size(bytes) : "\(Quantity.size(bytes)) (\(bytes) bytes)"
  }
}
