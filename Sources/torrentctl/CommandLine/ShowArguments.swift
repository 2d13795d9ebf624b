import Bencode
/// `torrentctl show`: which .torrent to describe.
struct ShowArguments: Sendable {
  /// Path of a .torrent; `-` is standard input.
  let file: String
  let json: Bool
  /// The largest .torrent to read.
  let limits: BencodeLimits

  init(_ parsed: ParsedArguments) throws(UsageError) {
    limits = try TorrentSize.limits(parsed)
    file = parsed.operands[0]
    json = parsed.has(Self.json)
  }

  static let json = OptionSpec("json", "describe it as JSON")

  static let spec = CommandSpec(
    name: "show", summary: "Show what is in a .torrent.",
    operand: OperandSpec(name: "FILE", count: 1...1, help: "the .torrent, or - for standard input"),
    options: [json, TorrentSize.option],
    examples: [.init(line: "torrentctl show share.torrent", remark: "name, info-hash, trackers and files")])
}
