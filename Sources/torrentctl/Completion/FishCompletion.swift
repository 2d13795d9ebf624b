/// A script for fish that completes command lines of `torrentctl`, made from the tables.
enum FishCompletion {
  static func script(_ commands: [CommandSpec] = CommandSpec.all) -> String {
    """
    # Completes torrentctl in fish. Made by: torrentctl completions fish

    function __torrentctl_is
        set -l words (commandline -opc)
        test (count $words) -gt 1; and test $words[2] = $argv[1]
    end

    function __torrentctl_is_first
        test (count (commandline -opc)) -eq 1
    end

    complete -c torrentctl -f

    """
      + CommandSpec.globalOptions.map { row("__torrentctl_is_first", $0) }.joined()
      + commands.map { command in
        let condition = "__torrentctl_is \(command.name)"
        let operand =
          action(command.operand.completion).map { "complete -c torrentctl -n '\(condition)' \($0)\n" } ?? ""
        return """

          complete -c torrentctl -n __torrentctl_is_first -a \(command.name) -d \
          \(quoted(command.summary.droppingFullStop))

          """ + operand + command.allOptions.map { row(quoted(condition), $0) }.joined()
      }.joined()
  }

  private static func row(_ condition: String, _ option: OptionSpec) -> String {
    var line = "complete -c torrentctl -n \(condition)"
    if let short = option.short { line += " -s \(short)" }
    line += " -l \(option.long)"
    if let completion = option.completion { line += " -r" + (action(completion).map { " \($0)" } ?? " -f") }
    return line + " -d \(quoted(option.help))\n"
  }

  private static func action(_ completion: Completion) -> String? {
    switch completion {
    case .nothing: nil
    case .files: "-F"
    case .filesEnding(let ending): "-k -a '(__fish_complete_suffix \(ending))'"
    case .folders: "-f -a '(__fish_complete_directories)'"
    case .words(let words): "-f -a \(quoted(words.joined(separator: " ")))"
    }
  }

  private static func quoted(_ text: String) -> String {
    "'" + text.reduce(into: "") { $0 += "'\\".contains($1) ? "\\\($1)" : String($1) } + "'"
  }
}
