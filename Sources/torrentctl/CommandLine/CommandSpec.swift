/// A command as a table. Parsing and help both read it, so that neither can know an option the other doesn't.
struct CommandSpec: Sendable {
  let name: String
  /// One line, for the list of commands and the head of its own help.
  let summary: String
  let operand: OperandSpec
  /// Its own; those of its manner stand beside them.
  let options: [OptionSpec]
  /// Whether it has a report, that can be short, long, JSON and coloured; `completions` and `man` print a text and that is it.
  var hasReport = true
  /// Command lines that work as they stand, each with a remark.
  let examples: [Example]

  struct Example: Sendable {
    let line: String
    let remark: String
  }

  /// Every command, in the order in which help lists them.
  static let all: [CommandSpec] = [
    CreateArguments.spec, ShowArguments.spec, VerifyArguments.spec, EditArguments.spec, MagnetArguments.spec,
    DiffArguments.spec,
    SeedArguments.spec, DownloadArguments.spec, BencodeArguments.spec, CompletionsArguments.spec,
    ManArguments.spec,
  ]

  /// The options of a command and those that all have.
  var allOptions: [OptionSpec] { options + (hasReport ? Manner.options : []) + [CommandSpec.helpOption] }

  static let helpOption = OptionSpec("help", short: "h", "show this help and exit")
  static let versionOption = OptionSpec("version", "show the version and exit")
  /// What stands in the place of a command.
  static let globalOptions = [helpOption, versionOption]
}
