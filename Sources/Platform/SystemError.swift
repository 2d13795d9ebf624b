/// A system call that failed: which one, on what, and the error number it left.
package struct SystemError: Error, Hashable, Sendable {
  /// The name of the call, as in its manual page.
  package let call: String
  /// The path or address that the call was about, when there is one.
  package let subject: String?
  package let errno: Int32

  package init(_ call: String, _ subject: String? = nil, errno: Int32) {
    self.call = call
    self.subject = subject
    self.errno = errno
  }

  /// With the error number that the calling thread's last failed call left: nothing else may come between.
  package static func last(_ call: String, _ subject: String? = nil) -> SystemError {
    SystemError(call, subject, errno: Errno.last.code)
  }

  /// What the C library says about the error number: "No space left on device".
  package var reason: String { Errno(errno).description }
}

extension SystemError: CustomStringConvertible {
  /// "bind 127.0.0.1:80: Permission denied". The subject is not escaped.
  package var description: String {
    if let subject { return "\(call) \(subject): \(reason)" }
    return "\(call): \(reason)"
  }
}
