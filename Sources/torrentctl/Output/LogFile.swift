import Glibc

/// A file that gets a line with the time of day for everything that happens.
final class LogFile: Sendable {
  private let descriptor: Int32

  /// Opens the file for appending.
  init(path: String, shown: String) throws(CommandFailure) {
    descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0o666)
    if descriptor < 0 { throw CommandFailure("\(shown): \(String(cString: strerror(errno)))", code: .disk) }
  }

  deinit { close(descriptor) }

  /// A log that can't be written ends nothing: the transfer matters more.
  func append(_ line: String) {
    _ = Output(descriptor: descriptor).send(Array("\(Timestamp(seconds: time(nil)).text) \(line)\n".utf8))
  }
}
