/// What `--help` prints, made from the tables.
enum HelpText {
  /// No line is longer, so that help fits a terminal of the usual width.
  static let width = 80

  /// The commands, for `torrentctl --help`.
  static func overview(_ commands: [CommandSpec] = CommandSpec.all) -> String {
    var text = """
      Make, inspect and share torrents.

      Usage: torrentctl COMMAND [OPTION]... ARGUMENT...

      Commands:

      """
    text += table(commands.map { ($0.name, $0.summary.droppingFullStop) })
    text += "\nOptions:\n"
    text += table(CommandSpec.globalOptions.map { ($0.synopsis, $0.help) })
    text += """

      Examples:
        torrentctl create data/ -o share.torrent
        torrentctl seed share.torrent
        torrentctl download -o dest share.torrent

      'torrentctl COMMAND --help' shows a command's options.


      """
    let codes = ExitCode.allCases.map { "\($0.rawValue) \($0.meaning)" }
    text += wrapped("Exit codes: \(codes.joined(separator: ", ")).", to: width).map { $0 + "\n" }.joined()
    return text
  }

  /// One command, for `torrentctl COMMAND --help`.
  static func text(_ command: CommandSpec) -> String {
    var text = "\(command.summary)\n\nUsage: torrentctl \(command.name) [OPTION]..."
    if command.operand.isNone {
      text += "\n"
    } else {
      text += " \(command.operand.name)\n\n" + table([(command.operand.name, command.operand.help)])
    }
    text += "\nOptions:\n"
    text += table(command.allOptions.map { ($0.synopsis, $0.help) })
    text += command.examples.count == 1 ? "\nExample:\n" : "\nExamples:\n"
    for example in command.examples {
      text += "  \(example.line)\n      \(example.remark)\n"
    }
    return text
  }

  /// Two columns, the second one wrapped; a first cell that is too wide has a line to itself.
  static func table(_ rows: [(String, String)]) -> String {
    let indent = 2
    let widest = rows.map(\.0.count).max() ?? 0
    let column = min(widest, 26) + indent + 2
    var text = ""
    for (first, second) in rows {
      var line = String(repeating: " ", count: indent) + first
      if line.count + 2 > column {
        text += line + "\n"
        line = ""
      }
      for part in wrapped(second, to: width - column) {
        text += line + String(repeating: " ", count: column - line.count) + part + "\n"
        line = ""
      }
    }
    return text
  }

  private static func wrapped(_ text: String, to width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += line.isEmpty ? word : " " + word
    }
    return lines + [line]
  }
}

extension OptionSpec {
  /// `-o, --output FILE`; long forms stand below each other whether there is a short one or not.
  var synopsis: String {
    (short.map { "-\($0), " } ?? "    ") + name + (value.map { " " + $0 } ?? "")
  }
}

extension String {
  /// A summary as it stands in a list.
  var droppingFullStop: String { hasSuffix(".") ? String(dropLast()) : self }
}
