import Bencode

/// `torrentctl bencode`: what to convert or to check.
struct BencodeArguments: Sendable {
  /// Path of a file; `-` is standard input.
  let file: String
  let task: Task
  /// Bytes of the largest input.
  let maximumSize: Int

  enum Task: Hashable, Sendable {
    case decode, encode, check
  }

  init(_ parsed: ParsedArguments) throws(UsageError) {
    file = parsed.operands[0]
    try parsed.exclude(Self.encode, Self.check)
    try parsed.exclude(Self.encode, Manner.json)
    task = parsed.has(Self.encode) ? .encode : parsed.has(Self.check) ? .check : .decode
    let size = try parsed.value(Self.maxSize, as: ByteSize.self)?.bytes
    if let size, size > BencodeLimits.maximumSize {
      throw UsageError(Self.maxSize.name, "at most \(BencodeLimits.maximumSize) bytes can be read")
    }
    maximumSize = size ?? (task == .encode ? 100_000_000 : BencodeLimits().size)
  }

  static let encode = OptionSpec("encode", "read JSON, write bencode")
  static let check = OptionSpec(
    "check", "name what is not canonical, with byte offsets; exit 1 if there is anything")
  static let maxSize = OptionSpec(
    "max-size", value: "SIZE", "refuse a larger input (default: 10MB; 100MB to encode)")

  static let spec = CommandSpec(
    name: "bencode", summary: "Print any bencoded file as JSON, and back.",
    operand: OperandSpec(
      name: "FILE", count: 1...1, help: "the file, or - for standard input", completes: .files),
    options: [encode, check, maxSize],
    examples: [
      .init(line: "torrentctl bencode resume.dat", remark: "as JSON; nothing is lost on the way"),
      .init(
        line: "torrentctl bencode share.torrent > share.json", remark: "to edit it with other tools"),
      .init(line: "torrentctl bencode --encode share.json > share.torrent", remark: "and back"),
      .init(line: "torrentctl bencode --check share.torrent", remark: "is it in canonical form?"),
    ])
}
