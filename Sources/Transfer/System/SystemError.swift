import Glibc

/// A system call that failed: which one, on what, and the error number it left.
struct SystemError: Error, Hashable, Sendable {
  /// The name of the call, as in its manual page.
  let call: String
  /// The path or address that the call was about, when there is one.
  let subject: String?
  let errno: Int32

  init(_ call: String, _ subject: String? = nil, errno: Int32) {
    self.call = call
    self.subject = subject
    self.errno = errno
  }

  /// With the error number that the calling thread's last failed call left: nothing else may come between.
  static func last(_ call: String, _ subject: String? = nil) -> SystemError {
    SystemError(call, subject, errno: Glibc.errno)
  }

  /// What the C library says about the error number: "No space left on device".
  var reason: String { Self.text(of: errno) }

  static func text(of errno: Int32) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
      guard let start = buffer.baseAddress, strerror_r(errno, start, buffer.count) == 0 else {
        return "error \(errno)"
      }
      return String(cString: start)
    }
  }
}

extension SystemError: CustomStringConvertible {
  /// "bind 127.0.0.1:80: Permission denied". The subject is not escaped.
  var description: String {
    if let subject { return "\(call) \(subject): \(reason)" }
    return "\(call): \(reason)"
  }
}
