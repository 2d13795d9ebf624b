#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How signals end the process.
package enum ProcessSignals {
  /// What a person or a service manager ends a process with. One that was told to outlive its terminal (nohup)
  /// does so; an interruption counts even where it was ignored at the start, as scripts have it for what they run
  /// in the background.
  package static let endings = isIgnored(SIGHUP) ? [SIGINT, SIGTERM] : [SIGINT, SIGTERM, SIGHUP]

  /// Makes a write to a closed pipe or connection an error (EPIPE) instead of the end of the process: `sendfile`
  /// has no flag that says so for one call.
  package static func ignoreBrokenPipe() { _ = signal(SIGPIPE, SIG_IGN) }

  /// Makes a write to a closed pipe or beyond the limit for files an error, and an interruption the end of the process
  /// with `exitCode`, at once and wherever it is.
  package static func prepare(exitCode: Int32) {
    ignoreBrokenPipe()
    _ = signal(SIGXFSZ, SIG_IGN)
    interruptionCode = exitCode
    for number in endings {
      _ = signal(number) { _ in
        // The prompt is not to stand behind what is left of a progress line.
        var lineFeed = UInt8(ascii: "\n")
        if isatty(STDERR_FILENO) == 1 { write(STDERR_FILENO, &lineFeed, 1) }
        _exit(ProcessSignals.interruptionCode)
      }
    }
  }

  /// A handler in C has no context. Written once, before the first signal is handled.
  nonisolated(unsafe) private static var interruptionCode: Int32 = 130

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    sigaction(number, nil, &action)
    #if canImport(Darwin)
      let handler = action.__sigaction_u.__sa_handler
    #elseif canImport(Musl)
      let handler = action.__sa_handler.sa_handler
    #else
      let handler = action.__sigaction_handler.sa_handler
    #endif
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
