import Metainfo

/// A torrent in the words and fields that `create` and `show` share.
struct TorrentDescription {
  let torrent: Torrent
  /// Where the .torrent is, as the user wrote it.
  let path: String
  /// What was odd about it, a line each.
  let warnings: [String]

  private var info: Info { torrent.info }
  /// What is meant to be on a disk.
  private var files: [FileEntry] { info.files.filter { !$0.isPadding } }

  /// The rows that both commands print.
  func addSummary(to report: inout Report) {
    report.add("name", info.name.name)
    report.add("info-hash", "\(torrent.infoHash)")
    report.add("size", Self.size(info.geometry.totalLength))
    report.add("pieces", "\(info.geometry.pieceCount) of \(Self.size(info.geometry.pieceLength))")
    report.add("files", "\(files.count)")
  }

  /// The rows of `show` alone.
  func addDetails(to report: inout Report) {
    if info.isPrivate { report.add("private", "yes") }
    report.add("source", info.source)
    let tiers = torrent.announce.tiers
    report.add(
      "trackers",
      each: tiers.enumerated().flatMap { tier, urls in
        urls.map { tiers.count > 1 ? "tier \(tier + 1): \($0)" : $0 }
      })
    report.add("web seeds", each: torrent.webSeeds)
    report.add("nodes", each: torrent.nodes.map { Self.text($0) })
    report.add("comment", torrent.comment)
    report.add("created by", torrent.createdBy)
    report.add("created", torrent.creationDate.map { Timestamp(seconds: $0).text })
    report.add("other keys", torrent.extraKeys.isEmpty ? nil : torrent.extraKeys.joined(separator: ", "))
    report.add("magnet", magnet)
    report.add("warnings", each: warnings)
  }

  /// A line for each file, its size in front.
  var fileList: String {
    let sizes = files.map { Quantity.size($0.length) }
    let width = sizes.map(\.count).max() ?? 0
    return zip(sizes, files).map { size, file in
      String(repeating: " ", count: width + 2 - size.count) + size + "  " + Escaping.escaped("\(file.path)")
        + "\n"
    }.joined()
  }

  /// The JSON members that both commands print.
  var summaryJSON: [JSON.Member] {
    [
      .init(name: "torrent", value: .string(path)),
      .init(name: "name", value: .string(info.name.name)),
      .init(name: "format", value: "v1"),
      .init(name: "infoHash", value: ["v1": .string("\(torrent.infoHash)"), "v2": .null]),
      .init(name: "pieceLength", value: .integer(info.geometry.pieceLength)),
      .init(name: "pieceCount", value: .integer(info.geometry.pieceCount)),
      .init(name: "fileCount", value: .integer(files.count)),
      .init(name: "totalLength", value: .integer(info.geometry.totalLength)),
      .init(name: "magnet", value: .string(magnet)),
      .init(name: "warnings", value: .array(warnings.map(JSON.string))),
    ]
  }

  /// The JSON members of `show` alone.
  var detailsJSON: [JSON.Member] {
    [
      .init(name: "files", value: .array(files.map(Self.json))),
      .init(name: "trackers", value: .array(torrent.announce.tiers.map { .array($0.map(JSON.string)) })),
      .init(name: "webSeeds", value: .array(torrent.webSeeds.map(JSON.string))),
      .init(name: "nodes", value: .array(torrent.nodes.map { .string(Self.text($0)) })),
      .init(name: "private", value: .bool(info.isPrivate)),
      .init(name: "source", value: .optional(info.source)),
      .init(name: "comment", value: .optional(torrent.comment)),
      .init(name: "createdBy", value: .optional(torrent.createdBy)),
      .init(name: "creationDate", value: .optional(torrent.creationDate)),
      .init(name: "extra", value: .array(torrent.extraKeys.map(JSON.string))),
    ]
  }

  private var magnet: String { "\(MagnetLink(torrent))" }

  private static func json(_ file: FileEntry) -> JSON {
    [
      "path": .array(file.path.components.map(JSON.string)), "length": .integer(file.length),
      "offset": .integer(file.offset),
    ]
  }

  private static func size(_ bytes: Int) -> String {
    bytes < 1024 ? Quantity.size(bytes) : "\(Quantity.size(bytes)) (\(bytes) bytes)"
  }

  private static func text(_ node: BootstrapNode) -> String {
    node.host.contains(":") ? "[\(node.host)]:\(node.port)" : "\(node.host):\(node.port)"
  }
}
