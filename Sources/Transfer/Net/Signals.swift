import Glibc

/// What the process as a whole has to be told about signals.
enum Signals {
  /// Makes a write to a closed connection an error (EPIPE) instead of the end of the process: `sendfile` has no
  /// flag that says so for one call.
  static func ignoreBrokenPipe() { _ = signal(SIGPIPE, SIG_IGN) }
}
