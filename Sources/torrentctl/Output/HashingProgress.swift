import Metainfo
import Synchronization

/// The progress line of `create` and `verify`, told of progress by the threads that hash.
final class HashingProgress: Sendable {
  private let state: Mutex<(line: ProgressLine, lastDrawn: Double)>
  private let clock = Stopwatch()
  private let isEnabled: Bool

  init(_ console: Console, quiet: Bool = false) {
    isEnabled = console.errors.isTerminal && !quiet
    state = Mutex((ProgressLine(console.errors, quiet: false), 0))
  }

  /// Draws the line, at most five times a second, and not at all when the work takes less than that.
  func update(_ progress: HashProgress) {
    guard isEnabled else { return }
    let now = clock.seconds
    state.withLock { state in
      guard now - state.lastDrawn >= 0.2 else { return }
      state.lastDrawn = now
      let rate = Double(progress.done) / now
      let remaining = Double(progress.total - progress.done) / rate
      state.line.show { columns in
        let text =
          "\(Quantity.percent(progress.done, of: progress.total)) of \(Quantity.size(progress.total))"
          + "  \(Quantity.rate(Int(rate)))  ETA \(Quantity.duration(remaining))"
        return String(text.prefix(columns))
      }
    }
  }

  func clear() { state.withLock { $0.line.clear() } }
}
