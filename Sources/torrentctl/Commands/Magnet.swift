import Metainfo

/// `torrentctl magnet`.
struct Magnet {
  let arguments: MagnetArguments

  func run(_ console: Console) throws(CommandFailure) -> ExitCode {
    let torrent = try console.torrent(at: arguments.file, limits: arguments.limits)
    var link = MagnetLink(torrent)
    link.peers = arguments.peers
    if !arguments.selection.isEmpty {
      let selected = try SelectedFiles(arguments.selection, of: torrent.info, option: MagnetArguments.select)
      if let missed = selected.missed { console.warn(missed) }
      link.selection = selected.ranges
    }
    if torrent.info.isPrivate {
      console.warn(
        "'\(torrent.info.name.name)' is private: others can't fetch it by a link alone, only with the .torrent"
      )
    }
    guard console.manner.json else {
      try console.print("\(link)\n")
      return .done
    }
    try console.print(json(link).document)
    return .done
  }

  private func json(_ link: MagnetLink) -> JSON {
    [
      "torrent": .string(arguments.file), "magnet": .string("\(link)"),
      "infoHash": TorrentDescription.json(link.infoHashes),
      "name": .optional(link.name), "totalLength": .optional(link.exactLength),
      "trackers": .array(link.trackers.map(JSON.string)), "webSeeds": .array(link.webSeeds.map(JSON.string)),
      "nodes": .array(link.nodes.map { .string(TorrentDescription.text($0)) }),
      "peers": .array(link.peers.map { .string("\($0)") }),
      "selection": link.selection.map {
        .array($0.map { [.integer($0.lowerBound), .integer($0.upperBound)] })
      }
        ?? .null,
    ]
  }
}
