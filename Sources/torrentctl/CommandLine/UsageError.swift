/// A command line that can't be obeyed; exit code 2.
struct UsageError: Error, Hashable, Sendable {
  /// What is wrong: an option or an operand, as it was typed.
  let subject: String
  /// Why, as a phrase.
  let reason: String
  /// What to do about it, as a phrase.
  let hint: String?

  init(_ subject: String, _ reason: String, hint: String? = nil) {
    self.subject = subject
    self.reason = reason
    self.hint = hint
  }
}
