/// What the process ends with.
enum ExitCode: Int32, CaseIterable, Sendable {
  case done = 0
  /// The answer is no: content differs, or the download ended incomplete.
  case no = 1
  case usage = 2
  case malformed = 3
  /// A local file or the disk.
  case disk = 4
  case network = 5
  case interrupted = 130

  /// As a phrase, for help and the manual.
  var meaning: String {
    switch self {
    case .done: "done"
    case .no: "the answer is no (content differs, download incomplete)"
    case .usage: "usage"
    case .malformed: "malformed input"
    case .disk: "local file or disk"
    case .network: "network"
    case .interrupted: "interrupted"
    }
  }
}
