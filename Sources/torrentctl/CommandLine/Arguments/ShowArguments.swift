import Bencode

/// `torrentctl show`: which .torrent to describe.
struct ShowArguments: Sendable {
  /// Path of a .torrent, or a magnet link; `-` is standard input.
  let file: String
  let form: Form
  /// Draws a large tree whole on a terminal too.
  let showsAll: Bool
  /// Refuses what is not canonical bencode.
  let isStrict: Bool
  /// The largest .torrent to read.
  let limits: BencodeLimits

  enum Form: Sendable { case page, files, json }

  init(_ parsed: ParsedArguments) throws(UsageError) {
    file = parsed.operands[0]
    limits = try TorrentSize.limits(parsed)
    try parsed.exclude(Manner.json, Self.files)
    form = parsed.has(Manner.json) ? .json : parsed.has(Self.files) ? .files : .page
    showsAll = parsed.has(Self.all)
    isStrict = parsed.has(Self.strict)
  }

  static let all = OptionSpec("all", "draw every file on a terminal, however many there are")
  static let files = OptionSpec("files", "list the files alone: bytes, tab, path")
  static let strict = OptionSpec("strict", "refuse a .torrent that is not canonical bencode")

  static let spec = CommandSpec(
    name: "show", summary: "Show what is in a .torrent or a magnet link.",
    operand: OperandSpec(
      name: "FILE", count: 1...1, help: "the .torrent, - for standard input, or a magnet link"),
    options: [all, files, strict, TorrentSize.option],
    examples: [
      .init(line: "torrentctl show share.torrent", remark: "name, info-hash, trackers and files"),
      .init(line: "torrentctl show --files share.torrent | sort -n", remark: "the files by size"),
    ])
}
