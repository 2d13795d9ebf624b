import Metainfo

/// What the lints find about a torrent that is to be made, and what follows of it.
struct AllowedLints {
  /// But for those that were allowed.
  private let findings: [LintFinding]

  init(_ findings: [LintFinding], allowed: Set<Lint>) {
    self.findings = findings.filter { !allowed.contains($0.lint) }
  }

  /// All of it, a line each.
  var remarks: [String] { findings.map(\.description) }

  /// What a person must hear of: not what is merely worth knowing, and not what a refusal says.
  var warnings: [String] { findings.filter { $0.lint.severity == .warning }.map(\.description) }

  /// Why the torrent is not made, if it is not.
  /// - Parameter canBeCoarser: whether longer pieces would be fewer ones. In version 2 each file has one of its own.
  func refusal(of path: String, canBeCoarser: Bool = true) -> CommandFailure? {
    let errors = findings.filter { $0.lint.severity == .error }
    guard !errors.isEmpty else { return nil }
    var names: [String] = []
    for name in errors.map(\.lint.rawValue) where !names.contains(name) { names.append(name) }
    return CommandFailure(
      "\(path): \(errors.map(\.message).joined(separator: "; "))",
      hint: (canBeCoarser ? "longer pieces help" : "--format v1 makes a shorter one, longer pieces don't")
        + "; --allow \(names.joined(separator: ",")) makes it all the same", code: .usage)
  }
}
