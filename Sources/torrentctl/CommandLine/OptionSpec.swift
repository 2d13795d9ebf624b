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
  /// The environment variable that stands in when the option is not given.
  let environment: String?

  init(
    _ long: String, short: Character? = nil, value: String? = nil, environment: String? = nil, _ help: String
  ) {
    self.short = short
    self.long = long
    self.value = value
    self.help = help
    self.environment = environment
  }

  /// `--long`, as messages name it.
  var name: String { "--" + long }
}

/// What stands on a command line beside its options.
struct OperandSpec: Sendable {
  /// As help shows it: `PATH`, `FILE...`.
  let name: String
  let count: ClosedRange<Int>
  let help: String
}
