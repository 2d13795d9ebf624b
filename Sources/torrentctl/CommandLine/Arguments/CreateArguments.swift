import Metainfo
import Text

/// `torrentctl create`: what to make a .torrent of, and how.
struct CreateArguments: Sendable {
  /// The file or folder to share; `-` is standard input.
  let path: String
  /// Where the .torrent goes; `-` is standard output, `nil` is NAME.torrent in the current directory.
  let output: String?
  let name: String?
  /// Bytes; `nil` chooses by the size of the content.
  let pieceLength: Int?
  let format: TorrentFormat
  let order: FileOrder
  let isPadded: Bool
  /// Trackers: a tier for each time the option was given.
  let announce: [[String]]
  let webSeeds: [String]
  let nodes: [BootstrapNode]
  let isPrivate: Bool
  let source: String?
  let comment: String?
  let createdBy: String?
  let date: CreationDate
  let filter: ContentFilter
  let followsLinks: Bool
  /// How many threads hash; `nil` is one for each processor.
  let threads: Int?
  let overwrites: Bool
  /// Says what would be made, and makes nothing.
  let isDryRun: Bool
  /// Lints of which nothing is said, and which don't keep the torrent from being made.
  let allowed: Set<Lint>

  enum CreationDate: Hashable, Sendable {
    case now, none
    case at(Timestamp)
  }

  init(_ parsed: ParsedArguments) throws(UsageError) {
    path = parsed.operands[0]
    output = try parsed.value(Self.output, as: PathText.self)?.text
    name = try parsed.value(Self.name, as: FileName.self)?.text
    pieceLength = try parsed.value(Self.pieceLength, as: PieceLength.self)?.bytes
    format = try parsed.value(Self.format, as: TorrentFormat.self) ?? .v1
    order = try parsed.value(Self.order, as: FileOrder.self) ?? .path
    isPadded = parsed.has(Self.padding)
    announce = try parsed.values(Self.announce, as: TierText.self).map(\.urls)
    webSeeds = try parsed.values(Self.webSeed, as: URLText.self).map(\.url)
    nodes = try parsed.values(Self.node, as: NodeText.self).map(\.node)
    isPrivate = parsed.has(Self.private)
    source = parsed.text(Self.source)
    comment = parsed.text(Self.comment)
    try parsed.exclude(Self.createdBy, Self.noCreatedBy)
    createdBy =
      parsed.has(Self.noCreatedBy) ? nil : parsed.text(Self.createdBy) ?? Release.name
    date = try Self.date(parsed)
    filter = ContentFilter(includesHidden: parsed.has(Self.hidden), rules: try Self.rules(parsed))
    followsLinks = parsed.has(Self.followSymlinks)
    threads = try parsed.value(Self.threads, as: Count.self)?.value
    overwrites = parsed.has(Self.force)
    isDryRun = parsed.has(Self.dryRun)
    allowed = try Self.lints(parsed)
    if parsed.has(Manner.json), output == "-", !isDryRun {
      throw UsageError(Manner.json.name, "can't be used with -o -: both write to standard output")
    }
    try checkFormat()
    try checkInput()
  }

  private func checkFormat() throws(UsageError) {
    if format.hasMerkleHashes, order != .path {
      throw UsageError(
        Self.order.name,
        "can't be used with --format \(format.rawValue), which has files in the order of paths")
    }
    if format == .v2, isPadded {
      throw UsageError(
        Self.padding.name, "can't be used with --format v2, where files start at pieces anyway")
    }
  }

  private func checkInput() throws(UsageError) {
    guard path == "-" else { return }
    if name == nil {
      throw UsageError("create", "content from standard input needs a name", hint: "give it one with --name")
    }
    if isDryRun {
      throw UsageError(Self.dryRun.name, "can't be used with standard input, of which nothing is known")
    }
  }

  private static func date(_ parsed: ParsedArguments) throws(UsageError) -> CreationDate {
    try parsed.exclude(date, noDate)
    if parsed.has(noDate) { return .none }
    if let given = try parsed.value(date, as: Timestamp.self) { return .at(given) }
    if let epoch = try parsed.value(epoch, as: Epoch.self) { return .at(Timestamp(seconds: epoch.seconds)) }
    return .now
  }

  private static func lints(_ parsed: ParsedArguments) throws(UsageError) -> Set<Lint> {
    var lints: Set<Lint> = []
    for name in parsed.all(allow).flatMap({ $0.split(separator: ",") }).map(String.init) {
      guard let lint = Lint(rawValue: name) else {
        let nearest = Suggestion.nearest(to: name, in: Lint.allCases.map(\.rawValue))
        throw UsageError(
          allow.name, "'\(name)' is no lint",
          hint: nearest.map { "did you mean \($0)?" }
            ?? "a warning ends with the name of its lint in brackets")
      }
      lints.insert(lint)
    }
    return lints
  }

  private static func rules(_ parsed: ParsedArguments) throws(UsageError) -> [ContentFilter.Rule] {
    var rules: [ContentFilter.Rule] = []
    for (option, text) in parsed.inOrder([include, exclude]) {
      do throws(Glob.Malformed) {
        rules.append(.init(try Glob(text), takes: option.long == include.long))
      } catch {
        throw UsageError(option.name, "the pattern '\(text)' \(error)")
      }
    }
    return rules
  }
}

extension TorrentFormat: OptionValue {
  static let expected = "a format (\(allCases.map(\.rawValue).joined(separator: ", ")))"
  init?(argument: String) { self.init(rawValue: argument) }
}

extension FileOrder: OptionValue {
  static let expected = "an order (\(allCases.map(\.rawValue).joined(separator: ", ")))"
  init?(argument: String) { self.init(rawValue: argument) }
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
  static let expected = "a piece length (a power of two from 16KiB to 128MiB)"

  init?(argument: String) {
    guard let size = ByteSize(argument: argument)?.bytes, PieceLengthRule.accepts(size) else { return nil }
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
