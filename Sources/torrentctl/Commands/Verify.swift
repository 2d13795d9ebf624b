import Metainfo
import Platform

/// `torrentctl verify`.
struct Verify {
  let arguments: VerifyArguments

  /// What came of one torrent.
  private struct Check {
    let info: Info
    let location: ContentLocation
    let report: VerifyReport
    let failure: CommandFailure?
  }

  func run(_ console: Console) throws(CommandFailure) -> ExitCode {
    let folders = try searchFolders(console)
    guard arguments.files.count > 1 else { return try runOne(arguments.files[0], folders, console) }
    return try runAll(folders, console)
  }

  private func runOne(
    _ file: String, _ folders: [String], _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    let check = try check(file, folders, console)
    if console.manner.json {
      try console.print(
        VerifyJSON.document(check.report, content: check.location.path, check.failure).document)
    } else if !console.isQuiet {
      try console.print(VerifyText(check.report, check.info, console).text)
    }
    for problem in check.report.searchProblems { console.warn(problem) }
    guard let failure = check.failure else { return .done }
    // The document is written; its answer goes to standard error once more, for people.
    console.complain(failure)
    return failure.code
  }

  /// A line for each, and a total. One that can't be checked doesn't keep the others from it.
  private func runAll(_ folders: [String], _ console: Console) throws(CommandFailure) -> ExitCode {
    var worst = ExitCode.done
    var entries: [JSON] = []
    var (good, bytes) = (0, 0)
    for file in arguments.files {
      var failure: CommandFailure?
      do throws(CommandFailure) {
        let check = try check(file, folders, console)
        failure = check.failure
        if check.failure == nil { (good, bytes) = (good + 1, bytes &+ check.info.contentLength) }
        if console.manner.json {
          entries.append(
            VerifyJSON.entry(file, check.report, content: check.location.path, check.failure))
        } else if !console.isQuiet {
          try console.print(VerifyText(check.report, check.info, console).row(file))
        }
        for problem in check.report.searchProblems { console.warn(problem) }
      } catch {
        guard !error.isSilent else { throw error }
        failure = error
        entries.append(VerifyJSON.entry(file, error))
        console.complain(error)
      }
      if let failure, failure.code.rawValue > worst.rawValue { worst = failure.code }
    }
    if console.manner.json {
      try console.print(JSON.object([.init(name: "torrents", value: .array(entries))]).document)
    } else if !console.isQuiet {
      try console.print("\(good) of \(arguments.files.count) torrents ok, \(Quantity.size(bytes))\n")
    }
    return worst
  }

  private func check(
    _ file: String, _ folders: [String], _ console: Console
  ) throws(CommandFailure) -> Check {
    let torrent = try console.torrent(at: file, limits: arguments.limits)
    if arguments.isStrict { try torrent.refuseOddities(in: file) }
    let location = console.content(of: torrent.info, at: arguments.content, beside: file)
    console.detail("content at \(location.path)")
    let progress = HashingProgress(console)
    let report = ContentVerifier(
      torrent.info, at: location, searching: folders, threads: arguments.threads
    ).verify { progress.update($0) }
    progress.clear()
    for file in report.files { console.detail("\(file.status.rawValue): \(file.path)") }
    return Check(
      info: torrent.info, location: location, report: report, failure: failure(report, location, file))
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
  private func failure(_ report: VerifyReport, _ location: ContentLocation, _ torrent: String)
    -> CommandFailure?
  {
    if let file = report.files.first(where: { $0.status == .unreadable }) {
      return CommandFailure("\(file.path): \(file.reason ?? "unreadable")", code: .disk)
    }
    if let piece = report.contradictions.first {
      return CommandFailure(
        "\(torrent): broken torrent: its v1 and v2 hashes contradict each other in piece \(piece)",
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
