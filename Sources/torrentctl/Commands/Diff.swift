import Metainfo

/// `torrentctl diff`. As with diff(1), exit code 1 says that there are differences and is no failure.
struct Diff {
  let arguments: DiffArguments

  func run(_ console: Console) throws(CommandFailure) -> ExitCode {
    let before = try read(arguments.before, console)
    let after = try read(arguments.after, console)
    let comparison = TorrentComparison(
      before: before.torrent, before.bytes, after: after.torrent, after.bytes, limits: arguments.limits)
    let description = ComparisonDescription(
      comparison: comparison, names: (arguments.before, arguments.after))
    if console.manner.json {
      try console.print(description.json.document)
    } else if !console.isQuiet, !comparison.isSame {
      let emphasis = Emphasis(isEnabled: console.colours(console.output))
      try description.write(emphasis, to: BufferedOutput(console))
    }
    return comparison.isSame ? .done : .no
  }

  private func read(
    _ path: String, _ console: Console
  ) throws(CommandFailure) -> (torrent: Torrent, bytes: [UInt8]) {
    do throws(MetainfoError) {
      let bytes = try TorrentFile.contents(path: console.path(path), limit: arguments.limits.size)
      return (try TorrentFile.decode(bytes, from: console.path(path), limits: arguments.limits), bytes)
    } catch {
      throw CommandFailure(error)
    }
  }
}
