import Metainfo
import Text

/// A magnet link in the words and fields of `show`. What a link doesn't say is `null`.
struct MagnetDescription {
  let link: MagnetLink

  /// What was odd about it, a line each, escaped.
  var warnings: [String] { link.warnings.map(\.description) }

  func add(to report: inout Report) {
    report.add("magnet link", link.name ?? "without a name")
    report.add("size", link.exactLength.map(TorrentDescription.size))
    report.add("info-hash", link.infoHashes.v1?.description)
    report.add("info-hash v2", link.infoHashes.v2?.description)
    report.add("trackers", each: link.trackers.map(RedactedURL.text))
    report.add("web seeds", each: link.webSeeds.map(RedactedURL.text))
    report.add("peers", each: link.peers.map(\.description))
    report.add("nodes", each: link.nodes.map(TorrentDescription.text))
    if let selection = link.selection {
      report.add("files", "number " + selection.map(Self.text).joined(separator: ", "))
    }
    report.add("warnings", prose: warnings, isAlarming: true)
  }

  /// The members of a torrent's, and `peers` and `selection`.
  var json: [JSON.Member] {
    let unknown = { (names: [String]) in names.map { JSON.Member(name: $0, value: .null) } }
    return [
      .init(name: "torrent", value: .null),
      .init(name: "name", value: .optional(link.name)),
      .init(name: "format", value: .null),
      .init(name: "infoHash", value: TorrentDescription.json(link.infoHashes)),
    ] + unknown(["pieceLength", "pieceCount", "fileCount"]) + [
      .init(name: "totalLength", value: .optional(link.exactLength)),
      .init(name: "magnet", value: .string("\(link)")),
      .init(name: "warnings", value: .array(warnings.map(JSON.string))),
      .init(name: "files", value: .null),
      // A link knows no tiers: its trackers are one.
      .init(
        name: "trackers", value: .array(link.trackers.isEmpty ? [] : [.array(link.trackers.map(JSON.string))])
      ),
      .init(name: "webSeeds", value: .array(link.webSeeds.map(JSON.string))),
      .init(name: "nodes", value: .array(link.nodes.map { .string(TorrentDescription.text($0)) })),
    ] + unknown(["private", "source", "comment", "createdBy", "creationDate", "extra"]) + [
      .init(name: "peers", value: .array(link.peers.map { .string($0.description) })),
      .init(
        name: "selection",
        value: link.selection.map { .array($0.map { [.integer($0.lowerBound), .integer($0.upperBound)] }) }
          ?? .null),
    ]
  }

  private static func text(_ range: ClosedRange<Int>) -> String {
    range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
  }
}
