/// A system call that failed: which one, on what, and why.
package struct SystemError: Error, Hashable, Sendable {
  /// The name of the call, as in its manual page.
  package let call: String
  /// The path or address that the call was about, when there is one.
  package let subject: String?
  package let cause: Errno

  package init(_ call: String, _ subject: String? = nil, cause: Errno) {
    self.call = call
    self.subject = subject
    self.cause = cause
  }

  /// With the error number that the calling thread's last failed call left: nothing else may come between.
  package static func last(_ call: String, _ subject: String? = nil) -> SystemError {
    SystemError(call, subject, cause: .last)
  }

  /// What the C library says about the cause: "No space left on device".
  package var reason: String { cause.description }
}

extension SystemError: CustomStringConvertible {
  /// "bind 127.0.0.1:80: Permission denied". The subject is not escaped.
  package var description: String {
    if let subject { return "\(call) \(subject): \(reason)" }
    return "\(call): \(reason)"
  }
}
