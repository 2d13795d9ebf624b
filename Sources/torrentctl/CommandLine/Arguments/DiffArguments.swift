import Bencode

/// `torrentctl diff`: which two .torrents to hold against each other.
struct DiffArguments: Sendable {
  /// Paths; one of them may be `-`, standard input.
  let before: String
  let after: String
  /// The largest .torrent to read.
  let limits: BencodeLimits

  init(_ parsed: ParsedArguments) throws(UsageError) {
    (before, after) = (parsed.operands[0], parsed.operands[1])
    guard before != "-" || after != "-" else {
      throw UsageError("-", "standard input can't be both torrents")
    }
    limits = try TorrentSize.limits(parsed)
  }

  static let spec = CommandSpec(
    name: "diff", summary: "Say what differs between two .torrents.",
    operand: OperandSpec(
      name: "A B", count: 2...2, help: "the .torrents, one of which may be - for standard input",
      completes: .torrents),
    options: [TorrentSize.option],
    examples: [
      .init(line: "torrentctl diff old.torrent new.torrent", remark: "exit code 0: the same, 1: they differ")
    ])
}
