import Platform

/// A file that gets a line with the time of day for everything that happens.
final class LogFile: Sendable {
  private let descriptor: Descriptor

  /// Opens the file for appending.
  init(path: String, shown: String) throws(CommandFailure) {
    do throws(Errno) { descriptor = try SystemFile.open(path, .append) } catch {
      throw CommandFailure("\(shown): \(error)", code: .disk)
    }
  }

  /// A log that can't be written ends nothing: the transfer matters more.
  func append(_ line: String) {
    let text = "\(Timestamp(seconds: Clock.wall).text) \(line)\n"
    try? SystemFile.write(descriptor.raw, all: Array(text.utf8))
  }
}
