import Bencode
import Metainfo

/// `torrentctl show`.
struct Show {
  let arguments: ShowArguments

  func run(_ console: Console) throws(CommandFailure) -> ExitCode {
    let torrent = try console.torrent(at: arguments.file, limits: arguments.limits)
    let description = TorrentDescription(
      torrent: torrent, path: arguments.file, warnings: torrent.warnings.map(\.description))
    if arguments.json {
      try console.print(JSON.object(description.summaryJSON + description.detailsJSON).document)
      return .done
    }
    var report = Report(Emphasis(isEnabled: console.colours(console.output)))
    description.addSummary(to: &report)
    description.addDetails(to: &report)
    try console.print(report.text + "\n" + description.fileList)
    return .done
  }
}

extension Console {
  /// Reads a .torrent that the user has named; `-` is standard input.
  func torrent(at path: String, limits: BencodeLimits) throws(CommandFailure) -> Torrent {
    do throws(MetainfoError) { return try TorrentFile.read(path: self.path(path), limits: limits) } catch {
      throw CommandFailure(error)
    }
  }
}
