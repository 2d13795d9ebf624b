import Metainfo
import Platform

/// `torrentctl verify`.
struct Verify {
  let arguments: VerifyArguments

  func run(_ console: Console) throws(CommandFailure) -> ExitCode {
    let torrent = try console.torrent(at: arguments.file, limits: arguments.limits)
    if arguments.isStrict { try torrent.refuseOddities(in: arguments.file) }
    let location = console.content(of: torrent.info, at: arguments.content, beside: arguments.file)
    console.detail("content at \(location.path)")
    let progress = HashingProgress(console)
    let report = ContentVerifier(
      torrent.info, at: location, searching: try searchFolders(console), threads: arguments.threads
    ).verify { progress.update($0) }
    progress.clear()
    for file in report.files { console.detail("\(file.status.rawValue): \(file.path)") }

    let failure = failure(report, location)
    if console.manner.json {
      try console.print(VerifyJSON.document(report, content: location.path, failure).document)
    } else if !console.isQuiet {
      try console.print(VerifyText(report, torrent.info, console).text)
    }
    for problem in report.searchProblems { console.warn(problem) }
    guard let failure else { return .done }
    // The document is written; its answer goes to standard error once more, for people.
    console.complain(failure)
    return failure.code
  }

  /// A folder that was named and isn't there would silently find nothing.
  private func searchFolders(_ console: Console) throws(CommandFailure) -> [String] {
    for folder in arguments.search {
      do throws(Errno) { try SystemFile.checkReading(of: console.path(folder)) } catch {
        throw CommandFailure("\(folder): \(error)", code: .disk)
      }
    }
    return arguments.search.map(console.path)
  }

  /// What could not be read counts before what can't be true, and that before what differs.
  private func failure(_ report: VerifyReport, _ location: ContentLocation) -> CommandFailure? {
    if let file = report.files.first(where: { $0.status == .unreadable }) {
      return CommandFailure("\(file.path): \(file.reason ?? "unreadable")", code: .disk)
    }
    if let piece = report.contradictions.first {
      return CommandFailure(
        "\(arguments.file): broken torrent: its v1 and v2 hashes contradict each other in piece \(piece)",
        code: .malformed)
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
}

extension Console {
  /// Where the content of a torrent is: at `given`, else beside the .torrent, else in the current directory.
  func content(of info: Info, at given: String?, beside file: String) -> ContentLocation {
    ContentLocation.find(
      info, content: given.map(path), torrentFile: path(file),
      currentDirectory: directory.isEmpty ? "." : directory)
  }
}
