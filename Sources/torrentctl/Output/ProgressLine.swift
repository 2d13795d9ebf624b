/// One line at the bottom of a terminal that is drawn over itself. Off a terminal, and on one that can't draw, it does
/// nothing.
struct ProgressLine {
  private let output: Output
  private let isEnabled: Bool
  private var isShown = false

  init(_ console: Console) {
    output = console.errors
    isEnabled = console.errors.isTerminal && console.environment("TERM") != "dumb" && !console.isQuiet
  }

  /// Draws the text that `text` makes for a number of columns. Progress that can't be shown is not worth an error.
  mutating func show(_ text: (_ columns: Int) -> String) {
    guard isEnabled else { return }
    // The last column stays empty: a terminal that wraps there would begin a new line.
    let line = text(max(1, output.columns() - 1))
    isShown = true
    try? output.write("\r\u{1b}[K" + line)
  }

  /// Makes room for other text.
  mutating func clear() {
    guard isShown else { return }
    isShown = false
    try? output.write("\r\u{1b}[K")
  }

  /// Leaves the line as it is and goes on below it.
  mutating func finish() {
    guard isShown else { return }
    isShown = false
    try? output.write("\n")
  }
}
