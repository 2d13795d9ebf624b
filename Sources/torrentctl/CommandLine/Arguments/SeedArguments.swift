import Bencode
/// `torrentctl seed`: what to upload, and until when.
struct SeedArguments: Sendable {
  /// Paths of .torrent files; at least one.
  let files: [String]
  /// The content, or the folder that it lies in; `nil` looks beside the .torrent and in the current directory.
  let content: String?
  let untilRatio: Double?
  let untilIdle: TimeSpan?
  let transfer: TransferArguments
  /// The largest .torrent to read.
  let limits: BencodeLimits

  init(_ parsed: ParsedArguments) throws(UsageError) {
    limits = try TorrentSize.limits(parsed)
    files = parsed.operands
    content = try parsed.value(Self.content, as: PathText.self)?.text
    untilRatio = try parsed.value(Self.untilRatio, as: Ratio.self)?.value
    untilIdle = try parsed.value(Self.untilIdle, as: TimeSpan.self)
    transfer = try TransferArguments(parsed)
  }

  static let content = OptionSpec(
    "content", short: "c", value: "PATH",
    "the content, or the folder it lies in (default: beside FILE, else the current directory)")
  static let untilRatio = OptionSpec(
    "until-ratio", value: "R", "stop when R times the content has been uploaded")
  static let untilIdle = OptionSpec(
    "until-idle", value: "DURATION", "stop when nothing was uploaded for so long")

  static let spec = CommandSpec(
    name: "seed", summary: "Upload content to those who ask for it.",
    operand: OperandSpec(
      name: "FILE...", count: 1...100_000, help: "the .torrent; several are seeded together"),
    options: [content, untilRatio, untilIdle, TorrentSize.option] + TransferArguments.options,
    examples: [
      .init(line: "torrentctl seed share.torrent", remark: "until interrupted with Ctrl-C"),
      .init(
        line: "torrentctl seed share.torrent --until-ratio 2", remark: "give twice what is there, then end"),
    ])
}
