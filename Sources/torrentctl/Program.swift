/// What the executable does with a command line.
enum Program {
  static func run(_ console: Console) -> ExitCode {
    do throws(UsageError) {
      return run(try Invocation(console.arguments, environment: console.environment), console)
    } catch {
      let failure = CommandFailure(error)
      console.complain(failure)
      return failure.code
    }
  }

  private static func run(_ invocation: Invocation, _ console: Console) -> ExitCode {
    switch invocation {
    case .help(let command):
      return attempt(console) { () throws(CommandFailure) in
        try console.print(command.map(HelpText.text) ?? HelpText.overview())
        return .done
      }
    case .version:
      return attempt(console) { () throws(CommandFailure) in
        try console.print("torrentctl \(Version.text)\n")
        return .done
      }
    case .create(let arguments):
      return attempt(console, json: arguments.json) { () throws(CommandFailure) in
        try Create(arguments: arguments).run(console)
      }
    case .show(let arguments):
      return attempt(console, json: arguments.json) { () throws(CommandFailure) in
        try Show(arguments: arguments).run(console)
      }
    case .verify(let arguments):
      return attempt(console, json: arguments.json) { () throws(CommandFailure) in
        try Verify(arguments: arguments).run(console)
      }
    case .seed(let arguments):
      return attempt(console) { () throws(CommandFailure) in try Seed(arguments: arguments).run(console) }
    case .download(let arguments):
      return attempt(console) { () throws(CommandFailure) in try Download(arguments: arguments).run(console) }
    }
  }

  /// Runs a command and reports its failure, to whoever asked for JSON as JSON as well.
  private static func attempt(
    _ console: Console, json: Bool = false, _ command: () throws(CommandFailure) -> ExitCode
  ) -> ExitCode {
    do throws(CommandFailure) { return try command() } catch {
      // When standard output is what failed, this fails as well, and the line on standard error says why.
      if json { try? console.output.write(error.json.document) }
      console.complain(error)
      return error.code
    }
  }
}

extension Console {
  /// The one line that says what went wrong.
  func complain(_ failure: CommandFailure) {
    if !failure.isSilent { try? errors.write(failure.line) }
  }
}
