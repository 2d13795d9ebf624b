import Metainfo

/// `torrentctl verify`.
struct Verify {
  let arguments: VerifyArguments

  func run(_ console: Console) throws(CommandFailure) -> ExitCode {
    let torrent = try console.torrent(at: arguments.file)
    let location = console.content(of: torrent.info, at: arguments.content, beside: arguments.file)
    let progress = HashingProgress(console)
    let report = ContentVerifier(torrent.info, at: location, threads: arguments.threads)
      .verify { progress.update($0) }
    progress.clear()

    let failure = failure(report, location)
    if arguments.json {
      try console.print(json(report, location, failure).document)
    } else {
      try console.print(text(report, torrent.info, Emphasis(isEnabled: console.colours(console.output))))
    }
    guard let failure else { return .done }
    // The document is written; its answer goes to standard error once more, for people.
    console.complain(failure)
    return failure.code
  }

  private func failure(_ report: VerifyReport, _ location: ContentLocation) -> CommandFailure? {
    if let file = report.files.first(where: { $0.status == .unreadable }) {
      return CommandFailure("\(file.path): \(file.reason ?? "unreadable")", code: .disk)
    }
    if report.isOK { return nil }
    let wrong = report.pieces.total - report.pieces.good
    let what =
      wrong > 0 ? "\(wrong) of \(Quantity.count(report.pieces.total, "piece")) differ" : "files differ"
    let allMissing = !report.files.isEmpty && report.files.allSatisfy { $0.status == .missing }
    return CommandFailure(
      "\(location.path): " + (allMissing ? "content is missing" : "content does not match: \(what)"),
      hint: allMissing && arguments.content == nil ? "--content says where it is" : nil, code: .no)
  }

  private func text(_ report: VerifyReport, _ info: Info, _ emphasis: Emphasis) -> String {
    var text = ""
    for file in report.files where file.status != .ok {
      let status = emphasis.red(file.status.rawValue)
      let padding = String(repeating: " ", count: 12 - file.status.rawValue.count)
      text += status + padding + Escaping.escaped("\(file.path)") + detail(file) + "\n"
    }
    if !report.badPieces.isEmpty {
      text += "bad pieces  \(Self.ranges(report.badPieces.map(\.value)))\n"
    }
    if report.isOK {
      text +=
        emphasis.green("ok") + "  " + Escaping.escaped(info.name.name)
        + ": \(Quantity.count(report.pieces.total, "piece")), \(Quantity.count(report.files.count, "file")), "
        + Quantity.size(info.geometry.totalLength) + "\n"
    }
    return text
  }

  private func detail(_ file: VerifyReport.File) -> String {
    switch file.status {
    case .short, .long: return file.lengthOnDisk.map { ": \($0) bytes instead of \(file.length)" } ?? ""
    case .corrupt:
      let bytes = file.badRanges.reduce(0) { $0 + $1.count }
      return ": \(Quantity.size(bytes)) in pieces that differ"
    case .missing, .unreadable: return file.reason.map { ": \($0)" } ?? ""
    case .ok: return ""
    }
  }

  /// `3, 5-9, 12`, of which no more than the first twenty are shown.
  static func ranges(_ numbers: [Int]) -> String {
    var ranges: [ClosedRange<Int>] = []
    for number in numbers {
      if let last = ranges.last, last.upperBound == number - 1 {
        ranges[ranges.count - 1] = last.lowerBound...number
      } else {
        ranges.append(number...number)
      }
    }
    let shown = ranges.prefix(20).map {
      $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)"
    }
    return shown.joined(separator: ", ") + (ranges.count > 20 ? ", and \(ranges.count - 20) more" : "")
  }

  private func json(_ report: VerifyReport, _ location: ContentLocation, _ failure: CommandFailure?) -> JSON {
    [
      "ok": .bool(report.isOK),
      "content": .string(location.path),
      "pieces": [
        "total": .integer(report.pieces.total), "good": .integer(report.pieces.good),
        "bad": .integer(report.pieces.bad), "missing": .integer(report.pieces.missing),
      ],
      "badPieces": .array(report.badPieces.map { .integer($0.value) }),
      "files": .array(
        report.files.map { file in
          [
            "path": .array(file.path.components.map(JSON.string)),
            "status": .string(file.status.rawValue),
            "badRanges": .array(
              file.badRanges.map { ["offset": .integer($0.lowerBound), "length": .integer($0.count)] }),
            "reason": .optional(file.reason),
          ]
        }),
      "error": .optional(failure?.message),
    ]
  }
}

extension Console {
  /// Where the content of a torrent is: at `given`, else beside the .torrent, else in the current directory.
  func content(of info: Info, at given: String?, beside file: String) -> ContentLocation {
    ContentLocation.find(info, content: given.map(path), torrentFile: path(file))
  }
}
