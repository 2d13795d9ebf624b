import Testing

@testable import torrentctl

/// What the tables say of completions; the shells themselves are asked in the integration tests.
@Suite struct CompletionTests {
  @Test func theNameOfAValueSaysWhatItIs() {
    #expect(Completion(value: "FILE") == .files)
    #expect(Completion(value: "DIR") == .folders)
    #expect(Completion(value: "v1|v2|hybrid") == .words(["v1", "v2", "hybrid"]))
    #expect(Completion(value: "HOST:PORT") == .nothing)
    #expect(Completion(operand: "FILE...") == .torrents)
    #expect(Completion(operand: "FILE|MAGNET") == .torrents)
    #expect(Completion(operand: "PATH") == .files)
    guard case .words(let lints) = Completion(value: "LINT") else {
      Issue.record("no lints")
      return
    }
    #expect(lints.contains("private-without-tracker"))
  }

  @Test func everyScriptAndTheManualKnowEveryOption() {
    for command in CommandSpec.all {
      for text in [BashCompletion.script(), ZshCompletion.script(), FishCompletion.script()] {
        #expect(text.contains(command.name))
        for option in command.allOptions { #expect(text.contains(option.long), "\(option.name)") }
      }
      let page = ManualPage.text()
      #expect(page.contains(".SS \"torrentctl \(command.name) "))
      for option in command.options {
        let name = option.name.split(separator: "-", omittingEmptySubsequences: false).joined(
          separator: "\\-")
        #expect(page.contains("\\fB\(name)\\fR"), "\(option.name)")
      }
    }
  }

  @Test func anOptionThatIsNewAppearsByItself() {
    let spec = CommandSpec(
      name: "frob", summary: "Frob it's [all]: now.", operand: .none,
      options: [OptionSpec("mode", short: "m", value: "a|b", "how: it's [so] \\ or so")], examples: [])
    #expect(
      BashCompletion.script([spec]).contains(
        "'frob -m' | 'frob --mode')\n      _torrentctl_words \"$current\" 'a b'; return"))
    #expect(
      ZshCompletion.script([spec]).contains("'*'{-m+,--mode=}'[how: it'\\''s \\[so\\] \\\\ or so]:a|b:(a b)'")
    )
    #expect(ZshCompletion.script([spec]).contains("'frob:Frob it'\\''s [all]: now'"))
    #expect(
      FishCompletion.script([spec]).contains(
        "complete -c torrentctl -n '__torrentctl_is frob' -s m -l mode -r -f -a 'a b' -d 'how: it\\'s [so] \\\\ or so'\n"
      ))
    #expect(
      ManualPage.text([spec]).contains(
        "\\fB\\-m\\fR, \\fB\\-\\-mode\\fR \\fIa|b\\fR\nhow: it\\(aqs [so] \\e or so\n"))
  }

  @Test func whatIsNotAShell() throws {
    let shell = try Shell()
    expectOneError(shell.run("completions", "zhs"))
    #expect(shell.run("completions", "zhs").errors.contains("did you mean 'zsh'?"))
    #expect(shell.run("completions").code == .usage)
    #expect(shell.run("man", "x").errors == "torrentctl: error: x: 'man' takes no argument\n")
    #expect(shell.run("man").code == .done)
  }
}
