import Metainfo
import Text

/// What `diff` says about two torrents.
struct ComparisonDescription {
  let comparison: TorrentComparison
  /// As the user wrote them.
  let names: (before: String, after: String)

  /// Sections of keys and files, one difference a line, and a last line about the data.
  func write(_ emphasis: Emphasis, to output: consuming BufferedOutput) throws(CommandFailure) {
    try output.add(emphasis.red("--- \(Escaping.escaped(names.before))") + "\n")
    try output.add(emphasis.green("+++ \(Escaping.escaped(names.after))") + "\n")
    try output.add("info-hash  \(infoHash)\n")
    if comparison.differsInFormAlone {
      try output.add("the same keys and values, written in another order or form\n")
    }
    for key in comparison.keys {
      let name = key.key.map { Escaping.escaped($0) }.joined(separator: ".")
      let values =
        key.before == key.after
        ? "\(key.before ?? ""), differing"
        : [key.before, key.after].compactMap { $0 }.joined(separator: " → ")
      let hashed = emphasis.faint(key.isHashed ? "hashed" : "not hashed")
      try output.add("key  \(padded(key.change.rawValue, emphasis))  \(name): \(values)  (\(hashed))\n")
    }
    // Where pieces are shifted nothing is known of any file behind.
    let unknown = comparison.files.count { $0.change == .unknown && $0.identicalBytes == 0 }
    let isFolded = unknown > Self.unknownShown
    for file in comparison.files {
      if isFolded, file.change == .unknown, file.identicalBytes == 0 { continue }
      try output.add("file \(padded(file.change.rawValue, emphasis))  \(Self.text(file))\n")
    }
    if isFolded {
      let word = padded(FileDifference.Change.unknown.rawValue, emphasis)
      try output.add(
        "file \(word)  \(unknown) files: their pieces hold other bytes as well, so nothing tells\n")
    }
    try output.add("data: \(data)\n")
    try output.flush()
  }

  /// Files of which nothing is known that have a line each.
  private static let unknownShown = 5

  private var infoHash: String {
    let (a, b) = (comparison.before.infoHashes, comparison.after.infoHashes)
    if a == b { return "the same" }
    let common = (a.v1 != nil && a.v1 == b.v1) || (a.v2 != nil && a.v2 == b.v2)
    return common ? "one of two is the same" : "differs"
  }

  private var data: String {
    let total = comparison.after.info.contentLength
    if let obstacle = comparison.obstacle { return obstacle }
    let share = Quantity.percent(comparison.identicalBytes, of: total)
    var text = "\(share) of \(Quantity.size(total)) is identical"
    if comparison.unknownBytes > 0 {
      text += ", and of \(Quantity.size(comparison.unknownBytes)) the digests can't tell"
    }
    return text
  }

  private func padded(_ word: String, _ emphasis: Emphasis) -> String {
    let padding = String(repeating: " ", count: max(0, 7 - word.count))
    switch word {
    case "added": return emphasis.green(word) + padding
    case "removed": return emphasis.red(word) + padding
    default: return emphasis.yellow(word) + padding
    }
  }

  private static func text(_ file: FileDifference) -> String {
    let names = [file.before, file.after].compactMap { $0.map { Escaping.escaped("\($0)") } }
    let sizes = [file.lengthBefore, file.lengthAfter].compactMap { $0.map(Quantity.size) }
    switch file.change {
    case .added, .removed: return "\(names[0])  \(sizes[0])"
    case .renamed: return "\(names[0]) → \(names[1])  \(sizes[0])"
    case .changed, .unknown:
      let size = file.lengthBefore == file.lengthAfter ? sizes[0] : sizes.joined(separator: " → ")
      let share = Quantity.percent(
        file.identicalBytes, of: max(file.lengthBefore ?? 0, file.lengthAfter ?? 0))
      if file.change == .unknown, file.identicalBytes == 0 { return "\(names[0])  \(size), can't be told" }
      return "\(names[0])  \(size), \(file.change == .unknown ? "may differ, " : "")\(share) identical"
    }
  }

  var json: JSON {
    let (before, after) = (comparison.before, comparison.after)
    let total = after.info.contentLength
    return [
      "same": .bool(comparison.isSame),
      "infoHash": [
        "a": TorrentDescription.json(before.infoHashes), "b": TorrentDescription.json(after.infoHashes),
        "same": .bool(before.infoHashes == after.infoHashes),
      ],
      "differsInFormAlone": .bool(comparison.differsInFormAlone),
      "keys": .array(comparison.keys.map(Self.json)),
      "files": .array(comparison.files.map(Self.json)),
      "data": [
        "comparable": .bool(comparison.obstacle == nil), "reason": .optional(comparison.obstacle),
        "identicalBytes": comparison.obstacle == nil ? .integer(comparison.identicalBytes) : .null,
        "unknownBytes": .integer(comparison.unknownBytes),
        "totalA": .integer(before.info.contentLength), "totalB": .integer(total),
        "identicalShare": comparison.obstacle == nil
          ? .number(total > 0 ? Double(comparison.identicalBytes) / Double(total) : 1) : .null,
      ],
    ]
  }

  private static func json(_ key: KeyDifference) -> JSON {
    [
      "key": .array(key.key.map(JSON.string)), "change": .string(key.change.rawValue),
      "hashed": .bool(key.isHashed), "a": .optional(key.before), "b": .optional(key.after),
    ]
  }

  private static func json(_ file: FileDifference) -> JSON {
    [
      "change": .string(file.change.rawValue),
      "a": file.before.map { .array($0.components.map(JSON.string)) } ?? .null,
      "b": file.after.map { .array($0.components.map(JSON.string)) } ?? .null,
      "lengthA": .optional(file.lengthBefore), "lengthB": .optional(file.lengthAfter),
      "identicalBytes": .integer(file.identicalBytes),
    ]
  }
}
