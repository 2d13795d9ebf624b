import Metainfo

/// `torrentctl create`: what to make a .torrent of, and how.
struct CreateArguments: Sendable {
  /// The file or folder to share.
  let path: String
  /// Where the .torrent goes; `-` is standard output, `nil` is NAME.torrent in the current directory.
  let output: String?
  let name: String?
  /// Bytes; `nil` chooses by the size of the content.
  let pieceLength: Int?
  /// Trackers: a tier for each time the option was given.
  let announce: [[String]]
  let isPrivate: Bool
  let source: String?
  let comment: String?
  let createdBy: String?
  let date: CreationDate
  /// How many threads hash; `nil` is one for each processor.
  let threads: Int?
  let overwrites: Bool
  let json: Bool

  enum CreationDate: Hashable, Sendable {
    case now, none
    case at(Timestamp)
  }

  init(_ parsed: ParsedArguments) throws(UsageError) {
    path = parsed.operands[0]
    output = try parsed.value(Self.output, as: PathText.self)?.text
    name = try parsed.value(Self.name, as: FileName.self)?.text
    pieceLength = try parsed.value(Self.pieceLength, as: PieceLength.self)?.bytes
    announce = parsed.all(Self.announce)
      .map { $0.split(separator: ",").map(String.init) }.filter { !$0.isEmpty }
    for url in announce.joined() where !url.contains("://") {
      throw UsageError(Self.announce.name, "'\(url)' is not a URL (http://tracker.example/announce)")
    }
    isPrivate = parsed.has(Self.private)
    source = parsed.text(Self.source)
    comment = parsed.text(Self.comment)
    try parsed.exclude(Self.createdBy, Self.noCreatedBy)
    createdBy =
      parsed.has(Self.noCreatedBy) ? nil : parsed.text(Self.createdBy) ?? "torrentctl \(Version.text)"
    try parsed.exclude(Self.date, Self.noDate)
    if parsed.has(Self.noDate) {
      date = .none
    } else if let given = try parsed.value(Self.date, as: Timestamp.self) {
      date = .at(given)
    } else if let epoch = try parsed.value(Self.epoch, as: Epoch.self) {
      date = .at(Timestamp(seconds: epoch.seconds))
    } else {
      date = .now
    }
    threads = try parsed.value(Self.threads, as: Count.self)?.value
    overwrites = parsed.has(Self.force)
    json = parsed.has(Self.json)
    if json, output == "-" {
      throw UsageError(Self.json.name, "can't be used with -o -: both write to standard output")
    }
  }
}

extension CreateArguments {
  static let output = OptionSpec(
    "output", short: "o", value: "FILE",
    "write the .torrent to FILE, or to standard output for - (default: NAME.torrent in the current directory)"
  )
  static let name = OptionSpec("name", value: "TEXT", "the torrent's name (default: the last part of PATH)")
  static let pieceLength = OptionSpec(
    "piece-length", value: "SIZE",
    "bytes in a piece, a power of two of at least 16KiB (default: by content size)")
  static let announce = OptionSpec(
    "announce", short: "a", value: "URL",
    "tracker; repeat for further tiers, and separate the trackers of one tier by commas")
  static let `private` = OptionSpec("private", "find peers through the trackers only (BEP 27)")
  static let source = OptionSpec("source", value: "TEXT", "source tag, which makes the info-hash differ")
  static let comment = OptionSpec("comment", value: "TEXT", "comment for people")
  static let createdBy = OptionSpec(
    "created-by", value: "TEXT", "the creating program's name (default: torrentctl and its version)")
  static let noCreatedBy = OptionSpec("no-created-by", "leave the creating program out")
  static let date = OptionSpec(
    "date", value: "RFC3339", "creation date (default: SOURCE_DATE_EPOCH from the environment, else now)")
  static let noDate = OptionSpec("no-date", "leave the creation date out")
  static let threads = OptionSpec(
    "threads", value: "N", "threads that hash (default: one for each processor)")
  static let force = OptionSpec("force", short: "f", "overwrite FILE when it exists")
  static let json = OptionSpec("json", "report on standard output as JSON")

  /// Not an option: the convention of reproducible builds, read like one.
  private static let epoch = OptionSpec("", environment: "SOURCE_DATE_EPOCH", "")

  static let spec = CommandSpec(
    name: "create", summary: "Make a .torrent of a file or a folder.",
    operand: OperandSpec(name: "PATH", count: 1...1, help: "the file or folder to share"),
    options: [
      output, name, pieceLength, announce, `private`, source, comment, createdBy, noCreatedBy, date, noDate,
      threads, force, json,
    ],
    examples: [
      .init(line: "torrentctl create data/ -o share.torrent", remark: "share a folder"),
      .init(
        line: "torrentctl create film.mkv --announce http://tracker.example/announce",
        remark: "write film.mkv.torrent, with a tracker"),
    ])
}

/// A name that can be one component of a path.
private struct FileName: OptionValue {
  let text: String
  static let expected = "a file name (1 to 255 bytes, no '/', not '.' or '..')"

  init?(argument: String) {
    guard TorrentPath([argument]) != nil else { return nil }
    text = argument
  }
}

/// A size that other clients take for a piece.
private struct PieceLength: OptionValue {
  let bytes: Int
  static let expected = "a piece length (a power of two from 16KiB to 1GiB)"

  init?(argument: String) {
    guard let size = ByteSize(argument: argument)?.bytes, size.nonzeroBitCount == 1,
      (PieceGeometry.blockLength...PieceGeometry.maximumPieceLength).contains(size)
    else { return nil }
    bytes = size
  }
}

/// Seconds since 1970 in digits.
private struct Epoch: OptionValue {
  let seconds: Int
  static let expected = "a number of seconds since 1970"

  init?(argument: String) {
    guard let seconds = DecimalText.integer(argument) else { return nil }
    self.seconds = seconds
  }
}
