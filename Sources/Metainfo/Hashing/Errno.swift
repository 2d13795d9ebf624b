import Glibc

/// Why a system call failed.
struct Errno: Error, Hashable, Sendable, CustomStringConvertible {
  let code: Int32

  init(_ code: Int32) { self.code = code }

  /// The reason of the call that has just failed on this thread.
  static var last: Errno { Errno(errno) }

  /// The system's own words, such as `Permission denied`.
  var description: String { String(cString: strerror(code)) }

  /// The path leads nowhere: nothing of that name, or a file where a folder should be.
  var isAbsence: Bool { code == ENOENT || code == ENOTDIR }

  /// Too many files are open, in this process or altogether.
  var isShortageOfDescriptors: Bool { code == EMFILE || code == ENFILE }
}
