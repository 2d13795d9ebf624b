/// One place where a lint holds.
public struct LintFinding: Hashable, Sendable {
  public let lint: Lint
  /// What is the matter there, in one line, escaped, without a full stop.
  public let message: String

  public init(_ lint: Lint, _ message: String) {
    self.lint = lint
    self.message = message
  }
}

extension LintFinding: CustomStringConvertible {
  /// The message and the name that silences it, as in `CON: Windows reserves this name [windows-name]`.
  public var description: String { "\(message) [\(lint.rawValue)]" }
}
