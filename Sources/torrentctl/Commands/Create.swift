import Glibc
import Metainfo

/// `torrentctl create`.
struct Create {
  let arguments: CreateArguments

  func run(_ console: Console) throws(CommandFailure) -> ExitCode {
    if arguments.output == "-", !arguments.isDryRun, console.output.isTerminal {
      throw CommandFailure(
        "standard output: is a terminal, and a .torrent is not text", hint: "redirect it, or give -o a file",
        code: .usage)
    }
    let path: String
    let output: AtomicFile?
    let author: TorrentAuthor
    do throws(AuthorError) {
      let content = console.path(arguments.path)
      path = try outputPath(content)
      output = path == "-" ? nil : try AtomicFile(console.path(path), overwrites: arguments.overwrites)
      author = try TorrentAuthor(content: content, options: options, output: output)
    } catch {
      throw CommandFailure(error)
    }
    warn(of: author.skipped, console)
    guard !arguments.isDryRun else {
      try report(
        PlannedTorrent(author: author, path: path, warnings: author.skipped.map(\.description)), console)
      return .done
    }
    let made = try make(author, output, console)
    guard output != nil else {
      try console.print(bytes: made.bytes)
      return .done
    }
    try report(
      TorrentDescription(
        torrent: made.torrent, path: path,
        warnings: author.skipped.map(\.description) + made.torrent.warnings.map(\.description)),
      console)
    return .done
  }

  private func make(
    _ author: TorrentAuthor, _ output: AtomicFile?, _ console: Console
  ) throws(CommandFailure) -> AuthoredTorrent {
    let progress = HashingProgress(console)
    defer { progress.clear() }
    do throws(AuthorError) {
      let made = try author.create { progress.update($0) }
      try output?.write(made.bytes)
      return made
    } catch {
      throw CommandFailure(error)
    }
  }

  private func report(_ description: TorrentDescription, _ console: Console) throws(CommandFailure) {
    if arguments.json {
      try console.print(JSON.object(description.summaryJSON).document)
      return
    }
    var report = Report(Emphasis(isEnabled: console.colours(console.output)))
    report.add("torrent", description.path)
    description.addSummary(to: &report)
    try console.print(report.text)
  }

  private func report(_ plan: PlannedTorrent, _ console: Console) throws(CommandFailure) {
    if arguments.json {
      try console.print(plan.json.document)
      return
    }
    var report = Report(Emphasis(isEnabled: console.colours(console.output)))
    plan.add(to: &report)
    try console.print(report.text + "\n" + plan.fileList)
  }

  /// Where the .torrent goes: by default it is called like the torrent, in the current directory.
  private func outputPath(_ content: String) throws(AuthorError) -> String {
    if let output = arguments.output { return output }
    if let name = arguments.name { return name + ".torrent" }
    let last = content.split(separator: "/").last.map(String.init) ?? ""
    if TorrentPath([last]) != nil { return last + ".torrent" }
    // `.` and its like; what that is called takes a look at the disk.
    return try TorrentAuthor(content: content, options: options).name.name + ".torrent"
  }

  private var options: AuthorOptions {
    var options = AuthorOptions()
    options.name = arguments.name
    options.pieceLength = arguments.pieceLength
    options.order = arguments.order
    options.isPadded = arguments.isPadded
    options.filter = arguments.filter
    options.followsLinks = arguments.followsLinks
    options.webSeeds = arguments.webSeeds
    options.nodes = arguments.nodes
    options.announce = AnnounceTiers(arguments.announce)
    options.isPrivate = arguments.isPrivate
    options.source = arguments.source
    options.comment = arguments.comment
    options.createdBy = arguments.createdBy
    switch arguments.date {
    case .now: options.creationDate = time(nil)
    case .none: options.creationDate = nil
    case .at(let date): options.creationDate = date.seconds
    }
    options.threads = arguments.threads
    return options
  }

  private func warn(of skipped: [SkippedEntry], _ console: Console) {
    // Somebody who shares a home directory need not read of each hidden file.
    let shown = 10
    for entry in skipped.prefix(shown) { console.warn(entry.description) }
    if skipped.count > shown { console.warn("\(skipped.count - shown) more skipped") }
  }
}
