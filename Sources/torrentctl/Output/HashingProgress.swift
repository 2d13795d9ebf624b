import Metainfo
import Platform

/// The progress line of `create` and `verify`, told of progress by the threads that hash.
final class HashingProgress: Sendable {
  private let state: Lock<State>
  private let clock = Stopwatch()
  private let isEnabled: Bool
  private let isUnicode: Bool

  private struct State {
    var line: ProgressLine
    var lastDrawn = 0.0
    var lastDone = 0
    /// Bytes per second, the latest counting most; `nil` before the first are measured.
    var rate: Double?
  }

  init(_ console: Console) {
    isEnabled = console.errors.isTerminal && !console.isQuiet
    isUnicode = console.isUnicode
    state = Lock(State(line: ProgressLine(console)))
  }

  func update(_ progress: HashProgress) { update(done: progress.done, total: progress.total) }

  /// Draws the line, at most five times a second, and not at all when the work takes less than that. Without a
  /// total nobody knows how much is to come.
  func update(done: Int, total: Int?) {
    guard isEnabled else { return }
    let now = clock.seconds
    state.withLock { state in
      let passed = now - state.lastDrawn
      guard passed >= 0.2 else { return }
      let latest = Double(done - state.lastDone) / passed
      let rate = state.rate.map { $0 * 0.8 + latest * 0.2 } ?? latest
      state.rate = rate
      state.lastDrawn = now
      state.lastDone = done
      state.line.show {
        Self.text(done: done, total: total, rate: rate, columns: $0, isUnicode: isUnicode)
      }
    }
  }

  func clear() { state.withLock { $0.line.clear() } }

  /// A bar as wide as what is left beside the figures, where that is worth it.
  static func text(done: Int, total: Int?, rate: Double, columns: Int, isUnicode: Bool) -> String {
    let speed = Quantity.rate(Int(rate.rounded()))
    guard let total else { return String("\(Quantity.size(done))  \(speed)".prefix(columns)) }
    let remaining = Quantity.duration(Double(total - done) / rate)
    let figures =
      "\(Quantity.percent(done, of: total)) of \(Quantity.size(total))  \(speed)  ETA \(remaining)"
    let width = min(columns - figures.count - 4, 40)
    guard width >= 8 else { return String(figures.prefix(columns)) }
    let full = total > 0 ? Int(Double(width) * Double(done) / Double(total)) : width
    let (ink, paper) = isUnicode ? ("█", "░") : ("#", "-")
    let bar = String(repeating: ink, count: full) + String(repeating: paper, count: width - full)
    return "[\(bar)]  \(figures)"
  }
}
