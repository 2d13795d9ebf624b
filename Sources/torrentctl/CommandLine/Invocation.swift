/// A command line: what it asks for, and how that is to be told.
struct Request: Sendable {
  let invocation: Invocation
  let manner: Manner

  /// Reads the words behind the program's name. The environment is only asked for the variables that stand in
  /// for options.
  init(_ words: [String], environment: @escaping @Sendable (String) -> String?) throws(UsageError) {
    if let invocation = try Invocation(withoutCommand: words) {
      self.invocation = invocation
      manner = Manner()
      return
    }
    let spec = try Invocation.command(words[0])
    let parsed = try ParsedArguments(words.dropFirst(), for: spec, environment: environment)
    invocation = parsed.wantsHelp ? .help(spec) : try Invocation(spec, parsed)
    manner = parsed.wantsHelp ? Manner() : try Manner(parsed)
  }
}

/// What a command line asks for.
enum Invocation: Sendable {
  /// Help on one command, or on all.
  case help(CommandSpec?)
  case version
  case create(CreateArguments)
  case show(ShowArguments)
  case verify(VerifyArguments)
  case edit(EditArguments)
  case magnet(MagnetArguments)
  case diff(DiffArguments)
  case seed(SeedArguments)
  case download(DownloadArguments)
  case bencode(BencodeArguments)
  case completions(CompletionsArguments)
  case man

  /// What stands in the place of a command; `nil` if a command does.
  init?(withoutCommand words: [String]) throws(UsageError) {
    guard let first = words.first else {
      throw UsageError("no command", "nothing to do", hint: "see 'torrentctl --help'")
    }
    switch first {
    case "-h", CommandSpec.helpOption.name:
      self = .help(nil)
    case "-V", "version", CommandSpec.versionOption.name:
      self = .version
    case "help":
      self = .help(try words.dropFirst().first.map(Self.command))
    default: return nil
    }
  }

  init(_ spec: CommandSpec, _ parsed: ParsedArguments) throws(UsageError) {
    switch spec.name {
    case CreateArguments.spec.name: self = .create(try CreateArguments(parsed))
    case ShowArguments.spec.name: self = .show(try ShowArguments(parsed))
    case VerifyArguments.spec.name: self = .verify(try VerifyArguments(parsed))
    case EditArguments.spec.name: self = .edit(try EditArguments(parsed))
    case MagnetArguments.spec.name: self = .magnet(try MagnetArguments(parsed))
    case DiffArguments.spec.name: self = .diff(try DiffArguments(parsed))
    case SeedArguments.spec.name: self = .seed(try SeedArguments(parsed))
    case BencodeArguments.spec.name: self = .bencode(try BencodeArguments(parsed))
    case CompletionsArguments.spec.name: self = .completions(try CompletionsArguments(parsed))
    case ManArguments.spec.name: self = .man
    default: self = .download(try DownloadArguments(parsed))
    }
  }

  static func command(_ word: String) throws(UsageError) -> CommandSpec {
    guard let spec = CommandSpec.all.first(where: { $0.name == word }) else { throw unknown(word) }
    return spec
  }

  private static func unknown(_ word: String) -> UsageError {
    if word.hasPrefix("-"), word != "-" {
      let name = String(word.dropFirst(2).prefix { $0 != "=" })
      if let nearest = Suggestion.nearest(to: name, in: ["help", "version"]) {
        return UsageError(word, "no such option", hint: "did you mean --\(nearest)?")
      }
      return UsageError(word, "no such option here", hint: "options stand behind the command")
    }
    if word.hasSuffix(".torrent") {
      return UsageError(word, "no such command", hint: "did you mean 'torrentctl download \(word)', or show?")
    }
    let nearest =
      OtherPrograms.commands[word] ?? Suggestion.nearest(to: word, in: CommandSpec.all.map(\.name))
    return UsageError(
      word.isEmpty ? "''" : word, "no such command",
      hint: nearest.map { "did you mean '\($0)'?" } ?? "see 'torrentctl --help'")
  }
}
