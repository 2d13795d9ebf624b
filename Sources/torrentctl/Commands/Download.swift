import Metainfo
import Transfer

/// `torrentctl download`.
struct Download {
  let arguments: DownloadArguments

  func run(_ console: Console) throws(CommandFailure) -> ExitCode {
    let torrent = try console.torrent(at: arguments.file)
    let name = torrent.info.name.name
    let place = arguments.directory == "." ? name : arguments.directory.droppingSlashes + "/" + name
    let monitor = try TransferMonitor(
      console, goal: .complete(seeds: arguments.seeds, timeout: arguments.timeout?.seconds),
      items: [torrent.infoHash: TransferItem(torrent.info, place: place, file: arguments.file)],
      arguments: arguments.transfer)
    var configuration = arguments.transfer.configuration
    if let maxWorkers = arguments.maxWorkers { configuration.maxWorkers = maxWorkers }
    var options = TorrentOptions()
    options.peers = try arguments.transfer.peerEndpoints()
    options.overwritesForeignFiles = arguments.overwrites
    options.sequential = arguments.sequential
    let directory = console.path(arguments.directory)
    let run = TransferRun(configuration: configuration) { [options] session throws(TransferError) in
      try await session.download(torrent, into: directory, options)
    }
    return try run.run(monitor)
  }
}

extension String {
  fileprivate var droppingSlashes: Substring {
    var text = self[...]
    while text.hasSuffix("/") { text.removeLast() }
    return text
  }
}
