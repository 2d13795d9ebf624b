import Metainfo
import Transfer

/// `torrentctl download`.
struct Download {
  let arguments: DownloadArguments

  /// A torrent and which of its files are wanted.
  private struct Want: Sendable {
    let torrent: Torrent
    let selection: [Bool]?
  }

  func run(_ console: Console) throws(CommandFailure) -> ExitCode {
    var wants: [Want] = []
    var torrents = TransferStandings(reserving: arguments.files.count)
    var places: [String: String] = [:]
    for file in arguments.files {
      let torrent = try console.transferableTorrent(at: file, limits: arguments.limits)
      let selection = try selection(of: torrent.info, console)
      let name = torrent.info.name.name
      let place = arguments.directory == "." ? name : arguments.directory.droppingSlashes + "/" + name
      var item = TransferItem(torrent.info, place: place, file: file)
      item.isSelection = selection != nil
      guard console.add(item, as: torrent.infoHashes, to: &torrents) else { continue }
      if let other = places.updateValue(file, forKey: place) {
        throw CommandFailure(
          "\(file): goes to '\(place)', as \(other) does",
          hint: "fetch them one after the other, with --output",
          code: .usage)
      }
      wants.append(Want(torrent: torrent, selection: selection))
    }
    let monitor = try TransferMonitor(
      console, goal: .complete(seeds: arguments.seeds, timeout: arguments.timeout?.seconds),
      torrents: torrents, arguments: arguments.transfer)
    var configuration = arguments.transfer.configuration
    if let maxWorkers = arguments.maxWorkers { configuration.maxWorkers = maxWorkers }
    var options = TorrentOptions()
    options.peers = try arguments.transfer.peerEndpoints()
    options.overwritesForeignFiles = arguments.overwrites
    options.sequential = arguments.sequential
    let directory = console.path(arguments.directory)
    let run = TransferRun(configuration: configuration) { [wants, options] session throws(TransferError) in
      var options = options
      for want in wants {
        options.selection = want.selection
        try await session.download(want.torrent, into: directory, options)
      }
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
