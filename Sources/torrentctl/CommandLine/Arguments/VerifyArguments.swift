import Bencode
/// `torrentctl verify`: which .torrent to hold content against.
struct VerifyArguments: Sendable {
  /// Path of a .torrent; `-` is standard input.
  let file: String
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
    file = parsed.operands[0]
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
      name: "FILE", count: 1...1, help: "the .torrent, or - for standard input",
      surplus: "one at a time; the content goes behind --content"),
    options: [content, search, threads, strict, TorrentSize.option],
    examples: [
      .init(line: "torrentctl verify share.torrent", remark: "the content lies beside share.torrent"),
      .init(line: "torrentctl verify share.torrent --content /srv/data", remark: "it lies elsewhere"),
      .init(
        line: "torrentctl verify share.torrent --search /srv", remark: "its files lie somewhere, by any name"),
    ])
}
