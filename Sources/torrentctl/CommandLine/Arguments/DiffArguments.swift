import Bencode

/// `torrentctl diff`: which two .torrents to hold against each other.
struct DiffArguments: Sendable {
  /// Paths; one of them may be `-`, standard input.
  let before: String
  let after: String
  let json: Bool
  let isQuiet: Bool
  /// The largest .torrent to read.
  let limits: BencodeLimits

  init(_ parsed: ParsedArguments) throws(UsageError) {
    (before, after) = (parsed.operands[0], parsed.operands[1])
    guard before != "-" || after != "-" else {
      throw UsageError("-", "standard input can't be both torrents")
    }
    json = parsed.has(Self.json)
    isQuiet = parsed.has(Self.quiet)
    limits = try TorrentSize.limits(parsed)
  }

  static let quiet = OptionSpec("quiet", short: "q", "print nothing: the exit code says it")
  static let json = OptionSpec("json", "report as JSON")

  static let spec = CommandSpec(
    name: "diff", summary: "Say what differs between two .torrents.",
    operand: OperandSpec(
      name: "A B", count: 2...2, help: "the .torrents, one of which may be - for standard input",
      completes: .torrents),
    options: [quiet, json, TorrentSize.option],
    examples: [
      .init(line: "torrentctl diff old.torrent new.torrent", remark: "exit code 0: the same, 1: they differ")
    ])
}
