import Metainfo
import Text

/// A torrent in the words and fields that `create` and `show` share.
struct TorrentDescription {
  let torrent: Torrent
  /// Where the .torrent is, as the user wrote it.
  let path: String
  /// What was odd about it, a line each, escaped.
  let warnings: [String]
  /// What is worth knowing and nothing to worry about, a line each, escaped.
  var notes: [String] = []

  private var info: Info { torrent.info }

  /// What is meant to be on a disk.
  var files: some Sequence<FileEntry> { info.files.lazy.filter { !$0.isPadding } }

  /// Files, and the bytes of pad files.
  private var counts: (files: Int, padding: Int) {
    var files = 0
    var padding = 0
    for file in info.files { if file.isPadding { padding += file.length } else { files += 1 } }
    return (files, padding)
  }

  /// The rows that both commands print.
  func addSummary(to report: inout Report) {
    let (files, padding) = counts
    report.add("name", info.name.name)
    report.add("size", Self.size(info.contentLength))
    report.add("format", info.format.rawValue)
    report.add("info-hash", torrent.infoHashes.v1?.description)
    report.add("info-hash v2", torrent.infoHashes.v2?.description)
    report.add("pieces", "\(info.geometry.pieceCount) of \(Self.size(info.geometry.pieceLength))")
    let pads = info.files.count - files
    // The pads of version 2 alone are ours: the torrent has none.
    let aligned = pads > 0 && info.format.hasPieceHashes
    report.add(
      "files",
      "\(files)" + (aligned ? ", and \(Quantity.count(pads, "pad file")) of \(Self.size(padding))" : ""))
  }

  /// The rows of `show` alone.
  func addDetails(to report: inout Report) {
    if info.isPrivate { report.add("private", "yes") }
    report.add("source", info.source)
    let tiers = torrent.announce.tiers
    report.add(
      "trackers",
      each: tiers.enumerated().flatMap { tier, urls in
        urls.map { (tiers.count > 1 ? "tier \(tier + 1)  " : "") + RedactedURL.text($0) }
      })
    report.add("web seeds", each: torrent.webSeeds.map(RedactedURL.text))
    report.add("nodes", each: torrent.nodes.map(Self.text))
    report.add("comment", prose: Self.lines(torrent.comment))
    report.add("created by", torrent.createdBy)
    report.add("created", torrent.creationDate.map { Timestamp(seconds: $0).readable })
    report.add(
      "other keys", prose: torrent.extraKeys.isEmpty ? [] : [torrent.extraKeys.joined(separator: ", ")])
    report.add("warnings", prose: warnings, isAlarming: true)
    report.add("notes", prose: notes)
  }

  /// The JSON members that both commands print.
  var summaryJSON: [JSON.Member] {
    [
      .init(name: "torrent", value: .string(path)),
      .init(name: "name", value: .string(info.name.name)),
      .init(name: "format", value: .string(info.format.rawValue)),
      .init(name: "infoHash", value: Self.json(torrent.infoHashes)),
      .init(name: "pieceLength", value: .integer(info.geometry.pieceLength)),
      .init(name: "pieceCount", value: .integer(info.geometry.pieceCount)),
      .init(name: "fileCount", value: .integer(counts.files)),
      .init(name: "totalLength", value: .integer(info.contentLength)),
      .init(name: "magnet", value: .string("\(MagnetLink(torrent))")),
      .init(name: "warnings", value: .array((warnings + notes).map(JSON.string))),
    ]
  }

  /// The JSON members of `show` alone, but for the files.
  var detailsJSON: [JSON.Member] {
    [
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

  static func json(_ hashes: InfoHashes) -> JSON {
    ["v1": .optional(hashes.v1?.description), "v2": .optional(hashes.v2?.description)]
  }

  static func size(_ bytes: Int) -> String {
    bytes < 1024 ? Quantity.size(bytes) : "\(Quantity.size(bytes)) (\(bytes) bytes)"
  }

  static func text(_ node: BootstrapNode) -> String {
    node.host.contains(":") ? "[\(node.host)]:\(node.port)" : "\(node.host):\(node.port)"
  }

  /// Comments are the one field that people write several lines into.
  private static func lines(_ text: String?) -> [String] {
    text?.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init) ?? []
  }
}
