import Bencode
import Metainfo
import Transfer

/// `torrentctl download`: what to fetch, and where to.
struct DownloadArguments: Sendable {
  /// Paths of .torrents, at least one; `-` is standard input.
  let files: [String]
  /// The folder below which the torrent's own name is created.
  let directory: String
  let maxWorkers: Int?
  let overwrites: Bool
  let sequential: Bool
  /// The files that are fetched, those that any of these match; without one, all.
  let selection: [FileSelector]
  /// Whether to go on uploading once complete.
  let seeds: Bool
  /// Give up after so long without progress.
  let timeout: TimeSpan?
  let transfer: TransferArguments
  /// The largest .torrent to read.
  let limits: BencodeLimits

  init(_ parsed: ParsedArguments) throws(UsageError) {
    limits = try TorrentSize.limits(parsed)
    files = parsed.operands
    directory = try parsed.value(Self.output, as: PathText.self)?.text ?? "."
    maxWorkers = try parsed.value(Self.maxWorkers, as: Count.self)?.value
    overwrites = parsed.has(Self.force)
    sequential = parsed.has(Self.sequential)
    selection = try FileSelector.all(Self.select, of: parsed)
    seeds = parsed.has(Self.seed)
    timeout = try parsed.value(Self.timeout, as: TimeSpan.self)
    transfer = try TransferArguments(parsed)
  }

  static let output = OptionSpec(
    "output", short: "o", value: "DIR",
    "folder to download into; the torrent's own name is created below it (default: the current directory)")
  static let maxWorkers = OptionSpec(
    "max-workers", value: "N", environment: "MAX_WORKERS",
    "fetch up to N pieces at a time, each from another peer (default: MAX_WORKERS from the environment, "
      + "else \(SessionConfiguration().maxWorkers))"
  )
  static let force = OptionSpec("force", short: "f", "overwrite files that are there and don't match")
  static let sequential = OptionSpec("sequential", "fetch pieces in order, for viewing while it downloads")
  static let select = OptionSpec(
    "select", value: "GLOB",
    "fetch only the files that match: '*.txt' at any depth, 'docs/*.txt' and 'docs/**/*.txt' by path, 'docs' "
      + "with all in it; may be repeated")
  static let seed = OptionSpec("seed", "go on uploading when complete")
  static let timeout = OptionSpec("timeout", value: "DURATION", "give up after so long without progress")

  static let spec = CommandSpec(
    name: "download", summary: "Fetch what a .torrent describes.",
    operand: OperandSpec(
      name: "FILE...", count: 1...100_000,
      help: "the .torrent, or - for standard input; several are fetched together"),
    options: [output, select, maxWorkers, force, sequential, seed, timeout, TorrentSize.option]
      + TransferArguments.options,
    examples: [
      .init(
        line: "torrentctl download -o dest share.torrent", remark: "find peers by itself, end when complete"),
      .init(
        line: "torrentctl download share.torrent --peer 192.0.2.7:6881 --timeout 5m",
        remark: "ask this peer as well, and give up after 5 minutes without progress"),
      .init(line: "torrentctl download share.torrent --select '*.pdf'", remark: "fetch some of the files"),
    ])
}
