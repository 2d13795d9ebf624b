/// A script for zsh that completes command lines of `torrentctl`, made from the tables.
///
/// It works as a file `_torrentctl` in a folder of `fpath` and as text that is sourced.
enum ZshCompletion {
  static func script(_ commands: [CommandSpec] = CommandSpec.all) -> String {
    let described = commands.map { "      " + quoted("\(escaped($0.name)):\($0.summary.droppingFullStop)") }
    let global = CommandSpec.globalOptions.map { "        " + quoted("\($0.name)[\(bracketed($0.help))]") }
    return """
      #compdef torrentctl
      # Completes torrentctl in zsh. Made by: torrentctl completions zsh

      _torrentctl() {
        if (( CURRENT == 2 )); then
          if [[ $PREFIX == -* ]]; then
            _arguments \\
      \(global.joined(separator: " \\\n"))
            return
          fi
          local -a commands=(
      \(described.joined(separator: "\n"))
          )
          _describe -t commands command commands
          return
        fi
        shift words
        (( CURRENT-- ))
        case $words[1] in
      \(commands.map(arguments).joined())  esac
      }

      if [[ $funcstack[1] == _torrentctl ]]; then
        _torrentctl "$@"
      else
        compdef _torrentctl torrentctl
      fi

      """
  }

  private static func arguments(_ command: CommandSpec) -> String {
    var specs = command.allOptions.map(option)
    if !command.operand.isNone {
      let place = command.operand.count.upperBound == 1 ? "1" : "*"
      specs.append(
        quoted("\(place):\(escaped(command.operand.name)):\(action(command.operand.completion))"))
    }
    return """
          \(command.name))
            _arguments -s -S \\
      \(specs.map { "        " + $0 }.joined(separator: " \\\n"))
            ;;

      """
  }

  private static func option(_ option: OptionSpec) -> String {
    let help = "[\(bracketed(option.help))]"
    guard let value = option.value, let completion = option.completion else {
      guard option.short != nil else { return quoted(option.name + help) }
      let forms = option.forms
      return quoted("(\(forms.joined(separator: " ")))") + "{\(forms.joined(separator: ","))}" + quoted(help)
    }
    let argument = "\(help):\(escaped(value)):\(action(completion))"
    // Of an option that is given twice the last value counts, or all do.
    guard let short = option.short else { return quoted("*\(option.name)=\(argument)") }
    return quoted("*") + "{-\(short)+,\(option.name)=}" + quoted(argument)
  }

  private static func action(_ completion: Completion) -> String {
    switch completion {
    case .nothing: " "
    case .files: "_files"
    case .filesEnding(let ending): "_files -g \"*\(ending)\""
    case .folders: "_files -/"
    case .words(let words): "(\(words.joined(separator: " ")))"
    }
  }

  private static func bracketed(_ text: String) -> String {
    text.reduce(into: "") { $0 += "[]\\".contains($1) ? "\\\($1)" : String($1) }
  }

  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { $0 += ":\\".contains($1) ? "\\\($1)" : String($1) }
  }

  private static func quoted(_ text: String) -> String {
    "'" + text.reduce(into: "") { $0 += $1 == "'" ? "'\\''" : String($1) } + "'"
  }
}
