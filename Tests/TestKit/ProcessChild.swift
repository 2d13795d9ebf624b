import Glibc
import Platform

/// A program that a test started: its pid, its output in files, its end.
///
/// Output goes to files instead of pipes, so that a child can't block on a test that doesn't read. Standard input is a
/// pipe that closes with this object, which ends the drivers that read it even when the test process is killed.
public final class ProcessChild: Sendable {
  public let pid: Int32
  /// What the test calls the program, for messages.
  public let name: String
  /// Files that hold what the child wrote.
  public let outputPath: String
  public let errorPath: String
  /// Our end of the child's standard input.
  private let input: Int32
  /// The status that `waitpid` gave, once it has.
  private let status = Lock<Int32?>(nil)

  /// Starts `arguments[0]`, searched for on the PATH; a program that isn't there shows as exit code 127.
  ///
  /// - Parameter folder: where the two output files are made, named after `name`, and where the child starts unless
  ///   `directory` says otherwise.
  public init(
    _ name: String, _ arguments: [String], folder: String, directory: String? = nil,
    environment: [String: String] = [:]
  ) throws {
    self.name = name
    outputPath = "\(folder)/\(name).out"
    errorPath = "\(folder)/\(name).err"

    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw ProcessFailure("pipe: \(String(cString: strerror(errno)))") }
    input = ends[1]
    _ = fcntl(input, F_SETFD, FD_CLOEXEC)
    defer { close(ends[0]) }

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
    let flags = O_WRONLY | O_CREAT | O_TRUNC | O_APPEND
    posix_spawn_file_actions_addopen(&actions, 1, outputPath, flags, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, errorPath, flags, 0o600)
    // What other tests have open at this moment; closing a number that is not open is no error here.
    for descriptor in Int32(3)..<256 { posix_spawn_file_actions_addclose(&actions, descriptor) }

    // Signals as a shell would leave them, whatever the test runner has done to its own.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for number in [SIGINT, SIGTERM, SIGPIPE, SIGHUP] { sigaddset(&signals, number) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    var variables = ProcessChild.inheritedEnvironment()
    for (key, value) in environment { variables[key] = value }
    let command = ["env", "-C", directory ?? folder] + arguments
    let argv = command.map { strdup($0) } + [nil]
    let envp = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for pointer in argv + envp { free(pointer) } }

    var child: pid_t = 0
    let failure = posix_spawnp(&child, command[0], &actions, &attributes, argv, envp)
    pid = child
    guard failure == 0 else {
      close(input)
      throw ProcessFailure("\(arguments[0]): \(String(cString: strerror(failure)))")
    }
  }

  deinit {
    close(input)
    end()
  }

  /// The exit code when the child has ended: 128 + n when signal n ended it, as in a shell.
  public var exitCode: Int32? {
    let raw: Int32? = status.withLock { known in
      if known == nil {
        var now: Int32 = 0
        if waitpid(pid, &now, WNOHANG) == pid { known = now }
      }
      return known
    }
    return raw.map { $0 & 0x7f == 0 ? ($0 >> 8) & 0xff : 128 + ($0 & 0x7f) }
  }

  /// Sends a signal, unless the child has been waited for already: its number could be another process by then.
  public func signal(_ number: Int32) {
    if exitCode == nil { kill(pid, number) }
  }

  /// Ends the child: asked with SIGTERM, forced half a second later.
  public func end() {
    signal(SIGTERM)
    for _ in 0..<100 where exitCode == nil { usleep(5_000) }
    guard exitCode == nil else { return }
    kill(pid, SIGKILL)
    status.withLock { known in
      var now: Int32 = 0
      if known == nil, waitpid(pid, &now, 0) == pid { known = now }
    }
  }

  /// Waits for the child's own end.
  public func exit(within deadline: Duration) async throws -> Int32 {
    try await eventually("the end of \(name)", within: deadline, saying: report) { self.exitCode }
  }

  public var output: String { TestFile.text(outputPath) }
  public var errors: String { TestFile.text(errorPath) }

  /// What a failing test shows of this child.
  public func report() -> String {
    let code = exitCode.map(String.init) ?? "still running"
    return "\(name): exit \(code)\n--- stdout\n\(output.suffix(2000))\n--- stderr\n\(errors.suffix(2000))"
  }

  private static func inheritedEnvironment() -> [String: String] {
    var variables: [String: String] = [:]
    var next = environ
    while let entry = next.pointee {
      let text = String(cString: entry)
      if let equals = text.firstIndex(of: "=") {
        variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
      }
      next += 1
    }
    return variables
  }
}

/// Why a child could not be started, or what it failed to do in time.
public struct ProcessFailure: Error, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}
