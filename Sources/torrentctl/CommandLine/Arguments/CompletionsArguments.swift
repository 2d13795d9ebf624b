/// `torrentctl completions`: for which shell.
struct CompletionsArguments: Sendable {
  let shell: Shell

  enum Shell: String, CaseIterable, Sendable {
    case bash, zsh, fish

    /// The script, from the tables of all commands.
    var script: String {
      switch self {
      case .bash: BashCompletion.script()
      case .zsh: ZshCompletion.script()
      case .fish: FishCompletion.script()
      }
    }
  }

  init(_ parsed: ParsedArguments) throws(UsageError) {
    guard let shell = Shell(rawValue: parsed.operands[0]) else {
      let nearest = Suggestion.nearest(to: parsed.operands[0], in: Shell.allCases.map(\.rawValue))
      throw UsageError(
        parsed.operands[0], "no shell that is known here",
        hint: nearest.map { "did you mean '\($0)'?" } ?? "bash, zsh or fish")
    }
    self.shell = shell
  }

  static let spec = CommandSpec(
    name: "completions", summary: "Print a script that completes command lines in a shell.",
    operand: OperandSpec(
      name: Shell.allCases.map(\.rawValue).joined(separator: "|"), count: 1...1, help: "the shell"),
    options: [], hasReport: false,
    examples: [
      .init(
        line: "torrentctl completions bash > /etc/bash_completion.d/torrentctl",
        remark: "for bash, with the package bash-completion"),
      .init(
        line: "torrentctl completions zsh > ~/.zfunc/_torrentctl",
        remark: "for zsh, with ~/.zfunc in fpath before compinit"),
      .init(
        line: "torrentctl completions fish > ~/.config/fish/completions/torrentctl.fish", remark: "for fish"),
    ])
}

/// `torrentctl man`, which takes nothing.
enum ManArguments {
  static let spec = CommandSpec(
    name: "man", summary: "Print the manual page.", operand: .none, options: [], hasReport: false,
    examples: [
      .init(line: "torrentctl man | man -l -", remark: "read it"),
      .init(line: "torrentctl man > /usr/local/share/man/man1/torrentctl.1", remark: "install it"),
    ])
}
