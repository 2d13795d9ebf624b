/// A script for bash 4 and later that completes command lines of `torrentctl`, made from the tables.
enum BashCompletion {
  static func script(_ commands: [CommandSpec] = CommandSpec.all) -> String {
    let first = commands.map(\.name) + CommandSpec.globalOptions.map(\.name)
    return """
      # Completes torrentctl in bash. Made by: torrentctl completions bash

      # Files that start like $1, if $2 is given those that end so and folders; all if there is none.
      _torrentctl_files() {
        compopt -o filenames 2>/dev/null
        [[ -z $2 ]] || mapfile -t COMPREPLY < <(compgen -f -X "!*$2" -- "$1"; compgen -d -- "$1")
        ((${#COMPREPLY[@]})) || mapfile -t COMPREPLY < <(compgen -f -- "$1")
      }

      _torrentctl_folders() {
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -d -- "$1")
      }

      _torrentctl_words() {
        mapfile -t COMPREPLY < <(compgen -W "$2" -- "$1")
      }

      _torrentctl() {
        local current=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]} word ended=
        COMPREPLY=()
        if ((COMP_CWORD == 1)); then
          _torrentctl_words "$current" '\(first.joined(separator: " "))'
          return
        fi
        # Bash takes the sign of --option=value for a word of its own.
        if [[ $current == = ]]; then
          current=
        elif [[ $option == = ]]; then
          option=${COMP_WORDS[COMP_CWORD - 2]}
        fi
        # A quote that is still open, and backslashes, are no part of a name.
        current=${current#[\\"\\']}
        current=${current//\\\\/}
        for word in "${COMP_WORDS[@]:2:COMP_CWORD-2}"; do
          if [[ $word == -- ]]; then ended=1; fi
        done
        case "$ended${COMP_WORDS[1]} $option" in
      \(commands.map(values).joined())  esac
        if [[ -z $ended && $current == -* ]]; then
          case ${COMP_WORDS[1]} in
      \(commands.map(options).joined())    esac
          return
        fi
        case ${COMP_WORDS[1]} in
      \(commands.map(operand).joined())  esac
      }

      complete -F _torrentctl torrentctl

      """
  }

  /// What follows the options of a command that take a value.
  private static func values(_ command: CommandSpec) -> String {
    command.allOptions.map { option in
      guard let completion = option.completion else { return "" }
      let patterns = option.forms.map { "'\(command.name) \($0)'" }.joined(separator: " | ")
      return "    \(patterns))\n      \(action(completion))return\n      ;;\n"
    }.joined()
  }

  private static func options(_ command: CommandSpec) -> String {
    let words = command.allOptions.flatMap(\.forms).joined(separator: " ")
    return "      \(command.name)) _torrentctl_words \"$current\" '\(words)' ;;\n"
  }

  private static func operand(_ command: CommandSpec) -> String {
    let action = action(command.operand.completion)
    return action.isEmpty ? "" : "    \(command.name)) \(action)".trimmingLast("; ") + " ;;\n"
  }

  /// A shell command with `; ` behind it, or nothing.
  private static func action(_ completion: Completion) -> String {
    switch completion {
    case .nothing: ""
    case .files: "_torrentctl_files \"$current\"; "
    case .filesEnding(let ending): "_torrentctl_files \"$current\" \(ending); "
    case .folders: "_torrentctl_folders \"$current\"; "
    case .words(let words): "_torrentctl_words \"$current\" '\(words.joined(separator: " "))'; "
    }
  }
}

extension String {
  fileprivate func trimmingLast(_ end: String) -> String {
    hasSuffix(end) ? String(dropLast(end.count)) : self
  }
}
