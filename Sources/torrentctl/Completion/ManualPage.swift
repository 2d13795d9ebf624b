import Text

/// The manual page in the language of man(7), made from the tables.
enum ManualPage {
  static func text(_ commands: [CommandSpec] = CommandSpec.all) -> String {
    var page = """
      .\\" Made by: torrentctl man
      .nr HY 0
      .TH TORRENTCTL 1 "" "\(Release.name)" "User Commands"
      .SH NAME
      torrentctl \\- make, inspect and share torrents
      .SH SYNOPSIS
      .B torrentctl
      .I COMMAND
      .RI [ OPTION "]... " ARGUMENT ...
      .SH DESCRIPTION
      Results go to standard output, everything else to standard error.
      Options and arguments may be mixed, a value follows its option as the next word or behind an equals sign,
      short options combine, and \\fB\\-\\-\\fR ends options.
      Names from a torrent are shown escaped.
      .SH COMMANDS

      """
    page += commands.map(section).joined()
    page += ".SH OPTIONS\n" + (CommandSpec.globalOptions + Manner.options).map(row).joined()
    page += ".SH VALUES\n" + values.map(row).joined()
    page += ".SH ENVIRONMENT\n" + environment(commands).map(row).joined()
    page += ".SH EXIT STATUS\n" + ExitCode.allCases.map { row(("\($0.rawValue)", $0.meaning)) }.joined()
    return page
  }

  private static let values = [
    ("SIZE", "262144, 256KiB, 1.5MiB, 2M, 700MB; K, KiB … are powers of 1024, KB … of 1000"),
    ("RATE", "a size per second, with or without /s; 0 is no limit"),
    ("DURATION", "90s, 5m, 1h30m, 500ms; a bare number counts seconds"),
    ("HOST:PORT", "192.0.2.7:6881, [2001:db8::7]:6881, seed.example:6881"),
    ("RFC3339", "2026-11-21, 2026-11-21T07:30:00Z, 2026-11-21T08:30:00+01:00"),
    ("GLOB", "* and ? within a name, [a-z] and [!a-z], ** for any number of folders"),
  ]

  private static func section(_ command: CommandSpec) -> String {
    var text = ".SS \"torrentctl \(command.name) [OPTION]...\(command.operand.isNone ? "" : " ")"
    text += "\(escaped(command.operand.name))\"\n\(escaped(command.summary))\n"
    if !command.operand.isNone { text += row((command.operand.name, command.operand.help)) }
    text += command.options.map(row).joined()
    for example in command.examples {
      text +=
        ".PP\n\(escaped(capitalized(example.remark))):\n.PP\n.RS\n.EX\n\(escaped(example.line))\n.EE\n.RE\n"
    }
    return text
  }

  private static func row(_ option: OptionSpec) -> String {
    let forms = option.forms.map { "\\fB\(escaped($0))\\fR" }.joined(separator: ", ")
    let value = option.value.map { " \\fI\(escaped($0))\\fR" } ?? ""
    return ".TP\n\(forms)\(value)\n\(escaped(option.help))\n"
  }

  private static func row(_ row: (name: String, text: String)) -> String {
    ".TP\n\\fI\(escaped(row.name))\\fR\n\(escaped(row.text))\n"
  }

  /// Variables that stand in for options, and those that belong to none.
  private static func environment(_ commands: [CommandSpec]) -> [(String, String)] {
    var rows: [(String, String)] = []
    for option in commands.flatMap(\.options) {
      guard let variable = option.environment, !rows.contains(where: { $0.0 == variable }) else { continue }
      rows.append((variable, "stands in for \(option.name)"))
    }
    rows.append(("SOURCE_DATE_EPOCH", "stands in for --date of create, in seconds since 1970"))
    rows.append(("NO_COLOR", "if it is not empty, nothing is coloured"))
    return rows
  }

  private static func capitalized(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

  /// Text that the formatter takes as it is: dashes are ones that can be copied, and no line is a request.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case "'": result += "\\(aq"
      case "\"": result += "\\(dq"
      case "`": result += "\\(ga"
      case "^": result += "\\(ha"
      case "~": result += "\\(ti"
      case "…": result += "..."
      default: result.append(character)
      }
    }
    return result.hasPrefix(".") ? "\\&" + result : result
  }
}
