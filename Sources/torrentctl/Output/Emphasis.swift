/// Colours for a terminal that has them, plain text elsewhere.
struct Emphasis: Sendable {
  let isEnabled: Bool

  func faint(_ text: String) -> String { wrapped(text, code: 2) }
  func red(_ text: String) -> String { wrapped(text, code: 31) }
  func yellow(_ text: String) -> String { wrapped(text, code: 33) }
  func green(_ text: String) -> String { wrapped(text, code: 32) }

  private func wrapped(_ text: String, code: Int) -> String {
    isEnabled && !text.isEmpty ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
  }
}
