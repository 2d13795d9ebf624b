import Glibc

/// How signals end the process.
enum ProcessSignals {
  /// What a person or a service manager ends a process with. One that was told to outlive its terminal (nohup)
  /// does so; an interruption counts even where it was ignored at the start, as scripts have it for what they run
  /// in the background.
  static let endings = isIgnored(SIGHUP) ? [SIGINT, SIGTERM] : [SIGINT, SIGTERM, SIGHUP]

  /// Makes a write to a closed pipe or beyond the limit for files an error, and an interruption the exit code for it:
  /// nothing that a command leaves half done has a final name yet.
  static func prepare() {
    _ = signal(SIGPIPE, SIG_IGN)
    _ = signal(SIGXFSZ, SIG_IGN)
    for number in endings {
      _ = signal(number) { _ in
        // The prompt is not to stand behind what is left of a progress line.
        var lineFeed = UInt8(ascii: "\n")
        if isatty(STDERR_FILENO) == 1 { write(STDERR_FILENO, &lineFeed, 1) }
        _exit(ExitCode.interrupted.rawValue)
      }
    }
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    sigaction(number, nil, &action)
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
