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
    var torrents = TransferStandings()
    _ = torrents.add(item, as: torrent.infoHashes)
    let monitor = try TransferMonitor(
      console, goal: .complete(seeds: arguments.seeds, timeout: arguments.timeout?.seconds),
      torrents: torrents, arguments: arguments.transfer)
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
    let selected = try SelectedFiles(arguments.selection, of: info, option: DownloadArguments.select)
    if let missed = selected.missed { console.warn(missed) }
    return selected.files
  }
}

extension String {
  fileprivate var droppingSlashes: Substring {
    var text = self[...]
    while text.hasSuffix("/") { text.removeLast() }
    return text
  }
}
