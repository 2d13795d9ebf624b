import Metainfo
import Transfer

/// `torrentctl download`.
struct Download {
  let arguments: DownloadArguments

  func run(_ console: Console) throws(CommandFailure) -> ExitCode {
    let torrent = try console.transferableTorrent(at: arguments.file, limits: arguments.limits)
    let selection = try selection(of: torrent.info, console)
    let name = torrent.info.name.name
    let place = arguments.directory == "." ? name : arguments.directory.droppingSlashes + "/" + name
    var item = TransferItem(torrent.info, place: place, file: arguments.file)
    item.isSelection = selection != nil
    let monitor = try TransferMonitor(
      console, goal: .complete(seeds: arguments.seeds, timeout: arguments.timeout?.seconds),
      items: [torrent.infoHash: item], arguments: arguments.transfer)
    var configuration = arguments.transfer.configuration
    if let maxWorkers = arguments.maxWorkers { configuration.maxWorkers = maxWorkers }
    var options = TorrentOptions()
    options.peers = try arguments.transfer.peerEndpoints()
    options.overwritesForeignFiles = arguments.overwrites
    options.sequential = arguments.sequential
    options.selection = selection
    let directory = console.path(arguments.directory)
    let run = TransferRun(configuration: configuration) { [options] session throws(TransferError) in
      try await session.download(torrent, into: directory, options)
    }
    return try run.run(monitor)
  }

  /// For each file whether it is fetched; `nil` for all.
  private func selection(of info: Info, _ console: Console) throws(CommandFailure) -> [Bool]? {
    guard !arguments.selection.isEmpty else { return nil }
    var selection = info.files.map { _ in false }
    var missed: [String] = []
    for selector in arguments.selection {
      var isMissed = true
      for (number, file) in info.files.enumerated() where !file.isPadding && selector.glob.matches(file.path)
      {
        selection[number] = true
        isMissed = false
      }
      if isMissed { missed.append("'\(selector.text)'") }
    }
    guard selection.contains(true) else {
      throw CommandFailure(
        "--select: no file of '\(info.name.name)' matches \(missed.joined(separator: " or "))",
        hint: "'torrentctl show' lists the files", code: .usage)
    }
    if !missed.isEmpty, !arguments.transfer.quiet {
      console.warn("--select: no file of '\(info.name.name)' matches \(missed.joined(separator: " or "))")
    }
    return selection
  }
}

extension String {
  fileprivate var droppingSlashes: Substring {
    var text = self[...]
    while text.hasSuffix("/") { text.removeLast() }
    return text
  }
}
