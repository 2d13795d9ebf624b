/// What the process ends with.
enum ExitCode: Int32, Sendable {
  case done = 0
  /// The answer is no: content differs, or the download ended incomplete.
  case no = 1
  case usage = 2
  case malformed = 3
  /// A local file or the disk.
  case disk = 4
  case network = 5
  case interrupted = 130
}
