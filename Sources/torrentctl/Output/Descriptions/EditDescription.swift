import Metainfo
import Text

/// What an edit did to a torrent, or would do.
struct EditDescription {
  /// The .torrent that was read, as the user wrote it.
  let path: String
  /// Where the outcome went; `nil` for the same file.
  let output: String?
  let edited: EditedTorrent
  let isDryRun: Bool

  private struct Field {
    /// As JSON names it.
    let name: String
    let label: String
    let before: JSON
    let after: JSON
    let removed: [String]
    let added: [String]
  }

  /// One line on the whole, and below it for each field what is gone and what is new.
  func text(_ emphasis: Emphasis) -> String {
    let name = path == "-" ? "standard input" : Escaping.escaped(path)
    guard edited.isChanged else { return "\(name): nothing to change\n" }
    var text = "\(name): \(isDryRun ? "would be changed" : "changed")"
    if let output, output != path { text += ", to \(Escaping.escaped(output))" }
    text += "\n"
    let width = (fields + hashes).map(\.label.count).max() ?? 0
    for field in fields + hashes {
      var label = field.label
      func add(_ line: String) {
        let padding = String(repeating: " ", count: width - label.count + 2)
        text += "  " + emphasis.faint(label) + padding + line + "\n"
        label = ""
      }
      for value in field.removed { add(emphasis.red("- " + Escaping.escaped(value))) }
      for value in field.added { add(emphasis.green("+ " + Escaping.escaped(value))) }
      if field.removed.isEmpty, field.added.isEmpty { add("in another order") }
    }
    return text
  }

  var json: JSON {
    [
      "torrent": .string(path), "output": .string(output ?? path), "changed": .bool(edited.isChanged),
      "infoHash": [
        "before": TorrentDescription.json(edited.original.infoHashes),
        "after": TorrentDescription.json(edited.torrent.infoHashes),
      ],
      "changes": .array(
        fields.map { ["field": .string($0.name), "before": $0.before, "after": $0.after] }),
      "error": .null,
    ]
  }

  /// Of a file that could not be changed.
  static func json(_ path: String, _ failure: CommandFailure) -> JSON {
    guard case .object(let members) = failure.json else { return .null }
    return .object([JSON.Member(name: "torrent", value: .string(path))] + members)
  }

  /// What differs.
  private var fields: [Field] {
    let (old, new) = (edited.original, edited.torrent)
    let fields = [
      field("trackers", "trackers", Self.trackers(old), Self.trackers(new), Self.lines(old), Self.lines(new)),
      list("webSeeds", "web seeds", old.webSeeds, new.webSeeds),
      list("nodes", "nodes", old.nodes.map(TorrentDescription.text), new.nodes.map(TorrentDescription.text)),
      text("comment", "comment", old.comment, new.comment),
      text("createdBy", "created by", old.createdBy, new.createdBy),
      field(
        "creationDate", "created", .optional(old.creationDate), .optional(new.creationDate), Self.date(old),
        Self.date(new)),
      text("name", "name", old.info.name.name, new.info.name.name),
      field(
        "private", "private", .bool(old.info.isPrivate), .bool(new.info.isPrivate),
        [old.info.isPrivate ? "yes" : "no"], [new.info.isPrivate ? "yes" : "no"]),
      text("source", "source", old.info.source, new.info.source),
    ].compactMap { $0 }
    // What has changed and counts for nothing is said by its keys.
    guard fields.isEmpty, edited.isChanged else { return fields }
    let comparison = TorrentComparison(before: old, edited.originalBytes, after: new, edited.bytes)
    return comparison.keys.compactMap { difference in
      let key = difference.key.joined(separator: ".")
      return text(key, Escaping.escaped(key), difference.before, difference.after)
    }
  }

  /// The hashes that are others now.
  private var hashes: [Field] {
    let (old, new) = (edited.original.infoHashes, edited.torrent.infoHashes)
    return [
      text("v1", "info-hash", old.v1.map { "\($0)" }, new.v1.map { "\($0)" }),
      text("v2", "info-hash v2", old.v2.map { "\($0)" }, new.v2.map { "\($0)" }),
    ].compactMap { $0 }
  }

  private func text(_ name: String, _ label: String, _ old: String?, _ new: String?) -> Field? {
    field(name, label, .optional(old), .optional(new), old.map { [$0] } ?? [], new.map { [$0] } ?? [])
  }

  private func list(_ name: String, _ label: String, _ old: [String], _ new: [String]) -> Field? {
    let lines = (old.map(RedactedURL.text), new.map(RedactedURL.text))
    return field(name, label, .array(old.map(JSON.string)), .array(new.map(JSON.string)), lines.0, lines.1)
  }

  private func field(
    _ name: String, _ label: String, _ before: JSON, _ after: JSON, _ old: [String], _ new: [String]
  ) -> Field? {
    guard before != after else { return nil }
    let (oldSet, newSet) = (Set(old), Set(new))
    return Field(
      name: name, label: label, before: before, after: after, removed: old.filter { !newSet.contains($0) },
      added: new.filter { !oldSet.contains($0) })
  }

  private static func trackers(_ torrent: Torrent) -> JSON {
    .array(torrent.announce.tiers.map { .array($0.map(JSON.string)) })
  }

  private static func lines(_ torrent: Torrent) -> [String] {
    torrent.announce.tiers.joined().map(RedactedURL.text)
  }

  private static func date(_ torrent: Torrent) -> [String] {
    torrent.creationDate.map { [Timestamp(seconds: $0).text] } ?? []
  }
}
