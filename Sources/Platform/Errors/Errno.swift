#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why a system call failed.
package struct Errno: Error, Hashable, Sendable, CustomStringConvertible {
  package let code: Int32

  package init(_ code: Int32) { self.code = code }

  /// The reason of the call that has just failed on this thread: nothing else may come between.
  package static var last: Errno { Errno(errno) }

  /// The system's own words, such as `Permission denied`.
  package var description: String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
      guard let start = buffer.baseAddress, strerror_r(code, start, buffer.count) == 0 else {
        return "error \(code)"
      }
      return String(cString: start)
    }
  }

  /// The path leads nowhere: nothing of that name, or a file where a folder should be.
  package var isAbsence: Bool { code == ENOENT || code == ENOTDIR }

  /// Too many files are open, in this process or altogether.
  package var isShortageOfDescriptors: Bool { code == EMFILE || code == ENFILE }
}
