import Text

/// What the executable does with a command line.
enum Program {
  static func run(_ console: Console) -> ExitCode {
    do throws(UsageError) {
      let request = try Request(console.arguments, environment: console.environment)
      var console = console
      console.manner = request.manner
      return run(request.invocation, console)
    } catch {
      let failure = CommandFailure(error)
      return attempt(console, echo: echo(console.arguments)) { () throws(CommandFailure) in throw failure }
    }
  }

  /// The form in which a line that can't be understood wants its error: by what can be seen of it.
  private static func echo(_ arguments: [String]) -> Echo {
    let words = arguments.prefix { $0 != "--" }
    return words.contains("--json") ? .document : words.contains("--events") ? .event : .none
  }

  private static func run(_ invocation: Invocation, _ console: Console) -> ExitCode {
    switch invocation {
    case .help(let command):
      return attempt(console) { () throws(CommandFailure) in
        try console.print(command.map(HelpText.text) ?? HelpText.overview())
        return .done
      }
    case .completions(let arguments):
      return attempt(console) { () throws(CommandFailure) in
        try console.print(arguments.shell.script)
        return .done
      }
    case .man:
      return attempt(console) { () throws(CommandFailure) in
        try console.print(ManualPage.text())
        return .done
      }
    case .version:
      return attempt(console) { () throws(CommandFailure) in
        try console.print("\(Release.name)\n")
        return .done
      }
    case .create(let arguments):
      return attempt(console, echo: console.echo) { () throws(CommandFailure) in
        try Create(arguments: arguments).run(console)
      }
    case .show(let arguments):
      return attempt(console, echo: console.echo) { () throws(CommandFailure) in
        try Show(arguments: arguments).run(console)
      }
    case .verify(let arguments):
      return attempt(console, echo: console.echo) { () throws(CommandFailure) in
        try Verify(arguments: arguments).run(console)
      }
    case .edit(let arguments):
      return attempt(console, echo: console.echo) { () throws(CommandFailure) in
        try Edit(arguments: arguments).run(console)
      }
    case .diff(let arguments):
      return attempt(console, echo: console.echo) { () throws(CommandFailure) in
        try Diff(arguments: arguments).run(console)
      }
    case .magnet(let arguments):
      return attempt(console, echo: console.echo) { () throws(CommandFailure) in
        try Magnet(arguments: arguments).run(console)
      }
    case .seed(let arguments):
      return attempt(console, echo: arguments.transfer.events ? .event : console.echo) {
        () throws(CommandFailure) in
        try Seed(arguments: arguments).run(console)
      }
    case .download(let arguments):
      return attempt(console, echo: arguments.transfer.events ? .event : console.echo) {
        () throws(CommandFailure) in
        try Download(arguments: arguments).run(console)
      }
    case .bencode(let arguments):
      return attempt(console, echo: console.echo) { () throws(CommandFailure) in
        try ConvertBencode(arguments: arguments).run(console)
      }
    }
  }

  /// How a failure shows on standard output, for the program that reads it.
  fileprivate enum Echo { case none, document, event }

  /// Runs a command and reports its failure.
  private static func attempt(
    _ console: Console, echo: Echo = .none, _ command: () throws(CommandFailure) -> ExitCode
  ) -> ExitCode {
    let clock = Stopwatch()
    do throws(CommandFailure) { return try command() } catch {
      // When standard output is what failed, this fails as well, and the line on standard error says why.
      switch echo {
      case .none: break
      case .document: try? console.print(error.json.document)
      case .event: try? console.print(error.event(time: clock.seconds).line + "\n")
      }
      console.complain(error)
      return error.code
    }
  }
}

extension Console {
  fileprivate var echo: Program.Echo { manner.json ? .document : .none }

  /// The one line that says what went wrong.
  func complain(_ failure: CommandFailure) {
    if !failure.isSilent { try? errors.write(failure.line(Emphasis(isEnabled: colours(errors)))) }
  }
}
