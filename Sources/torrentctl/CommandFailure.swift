/// Why a command could not do what it was asked.
struct CommandFailure: Error, Hashable, Sendable {
  /// `WHAT: WHY`, in one line, names from outside escaped.
  let message: String
  /// What to do about it, as a phrase.
  let hint: String?
  let code: ExitCode

  init(_ message: String, hint: String? = nil, code: ExitCode) {
    self.message = message
    self.hint = hint
    self.code = code
  }

  /// The line for standard error.
  var line: String {
    "torrentctl: error: \(message)" + (hint.map { " (\($0))" } ?? "") + "\n"
  }
}
