import Metainfo

/// The document of `verify --json`.
enum VerifyJSON {
  static func document(_ report: VerifyReport, content: String, _ failure: CommandFailure?) -> JSON {
    .object(members(report, content: content, failure))
  }

  /// One of several torrents.
  static func entry(
    _ file: String, _ report: VerifyReport, content: String, _ failure: CommandFailure?
  ) -> JSON {
    .object(
      [.init(name: "torrent", value: .string(file))] + members(report, content: content, failure)
        + [.init(name: "exitCode", value: .integer(Int((failure?.code ?? .done).rawValue)))])
  }

  /// One of several that could not be checked.
  static func entry(_ file: String, _ failure: CommandFailure) -> JSON {
    guard case .object(let members) = failure.json else { return .null }
    return .object([.init(name: "torrent", value: .string(file)), .init(name: "ok", value: false)] + members)
  }

  private static func members(
    _ report: VerifyReport, content: String, _ failure: CommandFailure?
  ) -> [JSON.Member] {
    let pieces = report.pieces
    let members: JSON = [
      "ok": .bool(report.isOK),
      "content": .string(content),
      "pieces": [
        "total": .integer(pieces.total), "good": .integer(pieces.good), "bad": .integer(pieces.bad),
        "missing": .integer(pieces.missing),
      ],
      "badPieces": numbers(report.badPieces),
      "contradictions": numbers(report.contradictions),
      "files": .array(report.files.map(file)),
      "error": .optional(failure?.message),
    ]
    guard case .object(let list) = members else { return [] }
    return list
  }

  private static func file(_ file: VerifyReport.File) -> JSON {
    [
      "path": .array(file.path.components.map(JSON.string)),
      "status": .string(file.status.rawValue),
      "proven": .bool(file.isProven),
      "length": .integer(file.length),
      "lengthOnDisk": .optional(file.lengthOnDisk),
      "badRanges": ranges(file.badRanges),
      "suspectRanges": ranges(file.suspectRanges),
      "unverifiedRanges": ranges(file.unverifiedRanges),
      "reason": .optional(file.reason),
      "foundAs": file.foundAs.map { .array($0.map(JSON.string)) } ?? .null,
      "foundAt": .optional(file.foundAt),
    ]
  }

  private static func ranges(_ ranges: [Range<Int>]) -> JSON {
    .array(ranges.map { ["offset": .integer($0.lowerBound), "length": .integer($0.count)] })
  }

  private static func numbers(_ pieces: [PieceIndex]) -> JSON {
    .array(pieces.map { .integer($0.value) })
  }
}
