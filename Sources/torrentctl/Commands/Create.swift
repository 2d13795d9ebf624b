import Metainfo
import Platform
import Text

/// `torrentctl create`.
struct Create {
  let arguments: CreateArguments

  func run(_ console: Console) throws(CommandFailure) -> ExitCode {
    if arguments.output == "-", !arguments.isDryRun, console.output.isTerminal {
      throw CommandFailure(
        "standard output: is a terminal, and a .torrent is not text", hint: "redirect it, or give -o a file",
        code: .usage)
    }
    let content = console.path(arguments.path)
    let path: String
    let output: AtomicFile?
    do throws(AuthorError) {
      path = try outputPath(content)
      output = path == "-" ? nil : try AtomicFile(console.path(path), overwrites: arguments.overwrites)
    } catch {
      throw CommandFailure(error)
    }
    return arguments.path == "-"
      ? try shareStream(path, output, console) : try share(content, path, output, console)
  }

  private func share(
    _ content: String, _ path: String, _ output: AtomicFile?, _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    let author: TorrentAuthor
    do throws(AuthorError) {
      author = try TorrentAuthor(content: content, options: options, output: output)
    } catch {
      throw CommandFailure(error)
    }
    warn(of: author.skipped, console)
    for file in author.layout.files where !file.isPadding {
      console.detail("taking \(author.name.name)/\(file.path), \(Quantity.size(file.length))")
    }
    let idle = author.idleRules.map {
      let option = ($0.takes ? CreateArguments.include : CreateArguments.exclude).name
      return "\(option) '\(Escaping.escaped($0.glob.text))' matches nothing"
    }
    warn(idle, console)
    let lints = AllowedLints(author.findings(), allowed: arguments.allowed)
    let remarks = author.skipped.map(\.description) + idle + lints.remarks
    let refusal = lints.refusal(
      of: arguments.path,
      canBeCoarser: !author.format.hasMerkleHashes
        || author.geometry.pieceCount > 2 * author.layout.files.count(where: { !$0.isPadding }))
    warn(lints.warnings, console)
    guard !arguments.isDryRun else {
      try report(PlannedTorrent(author: author, path: path, warnings: remarks), console)
      // What was asked for is the plan, which has been given; that it would fail is said beside it.
      if let refusal { console.complain(refusal) }
      return refusal?.code ?? .done
    }
    if let refusal { throw refusal }
    let made = try hash(console) { progress throws(AuthorError) in
      try author.create { progress.update($0) }
    }
    try finish(made, remarks, path, output, console)
    return .done
  }

  private func shareStream(
    _ path: String, _ output: AtomicFile?, _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    let made = try hash(console) { progress throws(AuthorError) in
      let author = try StreamAuthor(
        name: arguments.name ?? "", options: options, maximumPieceCount: maximumPieceCount)
      return try author.create { progress.update(done: $0, total: nil) }
    }
    let subject = LintSubject(torrent: made.torrent, torrentLength: made.bytes.count)
    let lints = AllowedLints(subject.findings(), allowed: arguments.allowed)
    warn(lints.warnings, console)
    if let refusal = lints.refusal(of: "standard input") { throw refusal }
    try finish(made, lints.remarks, path, output, console)
    return .done
  }

  /// How far a stream may go before it is clear that the lints refuse it, unless they are allowed.
  private var maximumPieceCount: Int? {
    var limits: [Int] = []
    if !arguments.allowed.contains(.tooManyPieces) { limits.append(LintSubject.refusedPieceCount - 1) }
    if !arguments.allowed.contains(.torrentTooLarge) {
      limits.append(LintSubject.torrentLengthLimit / arguments.format.bytesOfPiece)
    }
    return limits.min()
  }

  /// Does the long work, with a progress line.
  private func hash(
    _ console: Console, _ work: (HashingProgress) throws(AuthorError) -> AuthoredTorrent
  ) throws(CommandFailure) -> AuthoredTorrent {
    let progress = HashingProgress(console)
    defer { progress.clear() }
    do throws(AuthorError) { return try work(progress) } catch { throw CommandFailure(error) }
  }

  /// Writes the .torrent and reports it.
  private func finish(
    _ made: AuthoredTorrent, _ remarks: [String], _ path: String, _ output: AtomicFile?, _ console: Console
  ) throws(CommandFailure) {
    guard let output else { return try console.print(bytes: made.bytes) }
    do throws(AuthorError) { try output.write(made.bytes) } catch { throw CommandFailure(error) }
    try report(
      TorrentDescription(
        torrent: made.torrent, path: path, warnings: remarks + made.torrent.warnings.map(\.description)),
      console)
    guard console.output.isTerminal, !console.isQuiet, !console.manner.json else { return }
    // What a script reads stays as it is; a person is told how it goes on.
    var next = Report(Emphasis(isEnabled: console.colours(console.output)))
    next.add("magnet", "\(MagnetLink(made.torrent))")
    next.add("next", "torrentctl seed \(path)")
    try console.print(next.text)
  }

  private func report(_ description: TorrentDescription, _ console: Console) throws(CommandFailure) {
    if console.manner.json {
      try console.print(JSON.object(description.summaryJSON).document)
      return
    }
    guard !console.isQuiet else { return }
    var report = Report(Emphasis(isEnabled: console.colours(console.output)))
    report.add("torrent", description.path)
    description.addSummary(to: &report)
    try console.print(report.text)
  }

  private func report(_ plan: PlannedTorrent, _ console: Console) throws(CommandFailure) {
    if console.manner.json {
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
    options.format = arguments.format
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
    case .now: options.creationDate = Clock.wall
    case .none: options.creationDate = nil
    case .at(let date): options.creationDate = date.seconds
    }
    options.threads = arguments.threads
    return options
  }

  private func warn(of skipped: [SkippedEntry], _ console: Console) {
    // Somebody who shares a home directory need not read of each hidden file.
    let shown = console.manner.loudness == .verbose ? skipped.count : 10
    warn(skipped.prefix(shown).map(\.description), console)
    if skipped.count > shown { warn(["\(skipped.count - shown) more skipped"], console) }
  }

  private func warn(_ remarks: [String], _ console: Console) {
    for remark in remarks { console.warn(remark) }
  }
}
