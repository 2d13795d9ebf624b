import Metainfo
import Text

/// Why a command could not do what it was asked.
struct CommandFailure: Error, Hashable, Sendable {
  /// `WHAT: WHY`, in one line, names from outside escaped.
  let message: String
  /// What to do about it, as a phrase.
  let hint: String?
  let code: ExitCode
  /// Nothing that anyone needs to be told: the reader of the output had enough, as `head` has.
  let isSilent: Bool

  init(_ message: String, hint: String? = nil, code: ExitCode, isSilent: Bool = false) {
    self.message = Escaping.escaped(message)
    self.hint = hint.map { Escaping.escaped($0) }
    self.code = code
    self.isSilent = isSilent
  }

  /// The line for standard error.
  func line(_ emphasis: Emphasis) -> String {
    "torrentctl: \(emphasis.red("error:")) \(message)" + (hint.map { " (\($0))" } ?? "") + "\n"
  }

  /// The same as a JSON document, for commands that were asked for one.
  var json: JSON {
    ["error": .string(message), "hint": .optional(hint), "exitCode": .integer(Int(code.rawValue))]
  }

  /// The same as the last event of a command that was asked for events.
  func event(time: Double) -> JSON {
    [
      "event": "error", "time": .rounded(time), "message": .string(message), "hint": .optional(hint),
      "exitCode": .integer(Int(code.rawValue)),
    ]
  }
}

extension CommandFailure {
  init(_ error: UsageError) {
    self.init("\(error.subject): \(error.reason)", hint: error.hint, code: .usage)
  }

  init(_ error: MetainfoError) {
    switch error.kind {
    case .io: self.init(error.description, code: .disk)
    case .tooLarge:
      let hint = "larger ones are read with \(TorrentSize.option.name)"
      self.init(error.description, hint: hint, code: .malformed)
    case .malformed, .unsafe, .unsupported: self.init(error.description, code: .malformed)
    }
  }

  init(_ error: AuthorError) {
    switch error.kind {
    case .option: self.init(error.description, code: .usage)
    case .exists: self.init(error.description, hint: "--force overwrites it", code: .disk)
    case .content, .changed, .output: self.init(error.description, code: .disk)
    }
  }

  init(_ error: OutputClosed) {
    self.init("standard output: \(error.reason)", code: .disk, isSilent: error.isBrokenPipe)
  }
}
