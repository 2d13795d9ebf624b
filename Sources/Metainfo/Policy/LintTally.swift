/// Findings as they come in: the first few of each lint, and the number of all.
struct LintTally {
  /// Findings of one lint that are kept: a torrent of a million bad names is one problem.
  static let maximumEach = 10

  private var kept: [Lint: [LintFinding]] = [:]
  private var counts: [Lint: Int] = [:]

  /// The message is only made when it is kept.
  mutating func add(_ lint: Lint, _ message: @autoclosure () -> String) {
    counts[lint, default: 0] += 1
    guard counts[lint, default: 0] <= Self.maximumEach else { return }
    kept[lint, default: []].append(LintFinding(lint, message()))
  }

  /// In the order of `Lint.allCases`; the last of a lint that had too many says how many more there are.
  var findings: [LintFinding] {
    var findings: [LintFinding] = []
    for lint in Lint.allCases {
      guard let count = counts[lint] else { continue }
      findings += kept[lint] ?? []
      if count > Self.maximumEach {
        findings.append(LintFinding(lint, "and \(count - Self.maximumEach) more"))
      }
    }
    return findings
  }
}
