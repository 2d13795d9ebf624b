import Metainfo
import Platform
import Text

/// All that a command line sees of the world around it, as one value, so that every command runs in a test the
/// way it runs in a shell.
struct Console: Sendable {
  /// The words behind the program's name.
  var arguments: [String]
  /// The value of an environment variable.
  var environment: @Sendable (String) -> String?
  /// Where relative paths start; empty for the process's own current directory.
  var directory: String
  /// Results.
  var output: Output
  /// Everything else: errors, progress, remarks.
  var errors: Output
  /// How the command is to speak.
  var manner = Manner()

  /// The path as system calls need it.
  func path(_ path: String) -> String {
    if directory.isEmpty || path.hasPrefix("/") || path == "-" { return path }
    return directory + "/" + path
  }

  /// Writes a result.
  func print(_ text: String) throws(CommandFailure) {
    try print(bytes: Array(text.utf8))
  }

  /// Writes a result that is not text.
  func print(bytes: [UInt8]) throws(CommandFailure) {
    do throws(OutputClosed) { try output.write(bytes: bytes) } catch { throw CommandFailure(error) }
  }

  /// Says something about the work that is not its result. There is nowhere to complain to when that fails.
  func warn(_ text: String) {
    guard !isQuiet else { return }
    let label = Emphasis(isEnabled: colours(errors)).yellow("warning:")
    try? errors.write("torrentctl: \(label) \(Escaping.escaped(text))\n")
  }

  /// Says how the work goes on, to those who want to know each step.
  func detail(_ text: @autoclosure () -> String) {
    guard manner.loudness == .verbose else { return }
    try? errors.write("torrentctl: \(Escaping.escaped(text()))\n")
  }

  var isQuiet: Bool { manner.loudness == .quiet }

  /// Whether `output` may be coloured: as it was asked for, else on a terminal that can (no-color.org).
  func colours(_ output: Output) -> Bool {
    switch manner.color {
    case .always: true
    case .never: false
    case .auto: output.isTerminal && (environment("NO_COLOR") ?? "").isEmpty && environment("TERM") != "dumb"
    }
  }

  /// Whether the terminal shows characters outside ASCII, as the locale's variables say in their order of rank.
  var isUnicode: Bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap(environment).first { !$0.isEmpty } ?? ""
    let name = locale.lowercased()
    return name.contains("utf-8") || name.contains("utf8")
  }
}

extension Console {
  /// The process's own.
  static func process() -> Console {
    StandardDescriptors.keep()
    return Console(
      arguments: Array(ProcessArguments.all.dropFirst()),
      environment: { Environment.value(of: $0) }, directory: "",
      output: Output(descriptor: StandardDescriptors.output),
      errors: Output(descriptor: StandardDescriptors.errors))
  }
}
