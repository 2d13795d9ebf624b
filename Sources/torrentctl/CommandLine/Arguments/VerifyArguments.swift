import Bencode
/// `torrentctl verify`: which .torrents to hold content against.
struct VerifyArguments: Sendable {
  /// Paths of .torrents, at least one; `-` is standard input.
  let files: [String]
  /// The content, or the folder that it lies in; `nil` looks beside the .torrent and in the current directory.
  let content: String?
  /// Folders in which files are looked for that are not in their place, or not as they should be.
  let search: [String]
  /// How many threads hash; `nil` is one for each processor.
  let threads: Int?
  /// A .torrent whose bytes are not in canonical form is refused.
  let isStrict: Bool
  /// The largest .torrent to read.
  let limits: BencodeLimits

  init(_ parsed: ParsedArguments) throws(UsageError) {
    limits = try TorrentSize.limits(parsed)
    files = parsed.operands
    if files.count == 2, files[0].hasSuffix(".torrent"), !files[1].hasSuffix(".torrent"), files[1] != "-" {
      throw UsageError(files[1], "not called .torrent", hint: "the content goes behind \(Self.content.name)")
    }
    if files.count(where: { $0 == "-" }) > 1 { throw UsageError("-", "standard input can't be two torrents") }
    content = try parsed.value(Self.content, as: PathText.self)?.text
    search = try parsed.values(Self.search, as: PathText.self).map(\.text)
    threads = try parsed.value(Self.threads, as: Count.self)?.value
    isStrict = parsed.has(Self.strict)
  }

  static let content = OptionSpec(
    "content", short: "c", value: "PATH",
    "the content, or the folder it lies in (default: beside FILE, else the current directory)")
  static let search = OptionSpec(
    "search", short: "s", value: "DIR",
    "look below DIR for files that are missing or differ, by size and hash; may be repeated")
  static let threads = OptionSpec(
    "threads", value: "N", "threads that hash (default: one for each processor)")
  static let strict = OptionSpec("strict", "refuse a .torrent that is not canonical bencode")

  static let spec = CommandSpec(
    name: "verify", summary: "Check whether content matches a .torrent.",
    operand: OperandSpec(
      name: "FILE...", count: 1...100_000,
      help: "the .torrent, or - for standard input; of several each has a line"),
    options: [content, search, threads, strict, TorrentSize.option],
    examples: [
      .init(line: "torrentctl verify share.torrent", remark: "the content lies beside share.torrent"),
      .init(line: "torrentctl verify share.torrent --content /srv/data", remark: "it lies elsewhere"),
      .init(line: "torrentctl verify *.torrent --content /srv", remark: "a line for each, and a total"),
      .init(
        line: "torrentctl verify share.torrent --search /srv", remark: "its files lie somewhere, by any name"),
    ])
}
