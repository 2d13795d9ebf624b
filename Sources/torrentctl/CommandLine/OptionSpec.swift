/// One row of a command's option table: what is parsed, and what help says about it.
struct OptionSpec: Sendable {
  /// The letter of the short form, without the dash.
  let short: Character?
  /// The long form, without the dashes.
  let long: String
  /// What the value is called in help (`FILE`, `SIZE`); `nil` for an option that takes none.
  let value: String?
  /// A phrase for help, without a full stop.
  let help: String
  /// What a shell offers for the value; `nil` for an option that takes none.
  let completion: Completion?
  /// The environment variable that stands in when the option is not given.
  let environment: String?

  init(
    _ long: String, short: Character? = nil, value: String? = nil, completes: Completion? = nil,
    environment: String? = nil, _ help: String
  ) {
    self.short = short
    self.long = long
    self.value = value
    self.help = help
    completion = value.map { completes ?? Completion(value: $0) }
    self.environment = environment
  }

  /// Whether the value names files, which need not be UTF-8; all else is text.
  var takesName: Bool {
    switch completion {
    case .files, .filesEnding, .folders: true
    case .nothing, .words, nil: value == "GLOB"
    }
  }

  /// `--long`, as messages name it.
  var name: String { "--" + long }

  /// As it may be typed: `-o` and `--output`.
  var forms: [String] { (short.map { ["-\($0)"] } ?? []) + [name] }
}

/// What stands on a command line beside its options.
struct OperandSpec: Sendable {
  /// As help shows it: `PATH`, `FILE...`.
  let name: String
  let count: ClosedRange<Int>
  let help: String
  /// What to do with one too many, as a phrase; `nil` says how many there may be.
  let surplus: String?
  /// What a shell offers.
  let completion: Completion

  init(
    name: String, count: ClosedRange<Int>, help: String, surplus: String? = nil, completes: Completion? = nil
  ) {
    self.name = name
    self.count = count
    self.help = help
    self.surplus = surplus
    completion = completes ?? Completion(operand: name)
  }

  /// Of a command that takes options only.
  static let none = OperandSpec(name: "", count: 0...0, help: "")

  var isNone: Bool { count.upperBound == 0 }
}
