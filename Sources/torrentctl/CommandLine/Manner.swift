/// How a command is to speak: four switches that stand in every command and mean the same in each.
struct Manner: Hashable, Sendable {
  var loudness = Loudness.usual
  /// The result as JSON.
  var json = false
  var color = ColorChoice.auto

  enum Loudness: Sendable {
    /// Errors, and what the command is there to print.
    case quiet
    case usual
    /// Also each file, each peer and each step, on standard error.
    case verbose
  }

  enum ColorChoice: String, CaseIterable, Sendable {
    /// On a terminal that has colours, unless NO_COLOR is set.
    case auto
    case always, never
  }

  init() {}

  init(_ parsed: ParsedArguments) throws(UsageError) {
    try parsed.exclude(Self.quiet, Self.verbose)
    if parsed.has(Self.quiet) { loudness = .quiet }
    if parsed.has(Self.verbose) { loudness = .verbose }
    json = parsed.has(Self.json)
    color = try parsed.value(Self.color, as: ColorChoice.self) ?? .auto
  }

  static let quiet = OptionSpec("quiet", short: "q", "no progress, no remarks and no report, errors only")
  static let verbose = OptionSpec(
    "verbose", short: "v", "tell of each file, peer and step on standard error")
  static let json = OptionSpec("json", "report on standard output as one JSON document")
  static let color = OptionSpec(
    "color", value: "WHEN", completes: .words(ColorChoice.allCases.map(\.rawValue)),
    "colours: auto, which is on a terminal unless NO_COLOR is set (default), always or never")

  static let options = [quiet, verbose, json, color]
}

extension Manner.ColorChoice: OptionValue {
  static let expected = "one of \(allCases.map(\.rawValue).joined(separator: ", "))"
  init?(argument: String) { self.init(rawValue: argument) }
}
