import Platform
import Foundation

@testable import torrentctl

/// A folder of its own, and a way to run command lines in it within the test's process.
final class Shell: Sendable {
  let directory: String

  init() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("torrentctl-\(UInt64.random(in: 0 ... .max))")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    directory = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  func path(_ name: String) -> String { directory + "/" + name }

  func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

  func write(_ bytes: [UInt8], to name: String) throws {
    let url = URL(fileURLWithPath: path(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  func read(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(name))))
  }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  /// Names in the folder, sorted.
  func list() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: directory).sorted() }

  struct Result {
    let code: ExitCode
    let output: [UInt8]
    let errors: String
    var text: String { String(decoding: output, as: UTF8.self) }
    /// The document on standard output.
    var json: [String: Any] {
      get throws { try JSONSerialization.jsonObject(with: Data(output)) as? [String: Any] ?? [:] }
    }
  }

  /// Runs `torrentctl` with these arguments.
  func run(
    _ arguments: String..., environment: [String: String] = [:], isTerminal: Bool = false,
    closingOutputWith error: Errno? = nil
  ) -> Result {
    run(
      arguments: arguments, environment: environment, isTerminal: isTerminal, closingOutputWith: error)
  }

  func run(
    arguments: [String], environment: [String: String] = [:], isTerminal: Bool = false,
    closingOutputWith error: Errno? = nil
  ) -> Result {
    let output = Capture()
    let errors = Capture()
    let console = Console(
      arguments: arguments, environment: { environment[$0] }, directory: directory,
      output: Output(isTerminal: isTerminal) { bytes throws(Errno) in
        output.append(bytes)
        if let error { throw error }
      },
      errors: Output(isTerminal: isTerminal) { bytes in
        errors.append(bytes)
      })
    let code = Program.run(console)
    return Result(code: code, output: output.bytes, errors: String(decoding: errors.bytes, as: UTF8.self))
  }
}

extension Shell {
  /// Runs a line of sh in the folder as a process of its own, with `torrentctl` as `$T`, and gives its code and all that
  /// it writes. The line ends within a bounded time by itself.
  func sh(_ line: String) throws -> (code: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", line]
    process.currentDirectoryURL = URL(fileURLWithPath: directory)
    process.environment = ProcessInfo.processInfo.environment.merging(["T": Self.executable]) { $1 }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }

  /// The product lies beside the bundle of tests.
  private static var executable: String {
    URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent(
      "torrentctl"
    ).path
  }
}

private final class Capture: Sendable {
  private let state = Lock<[UInt8]>([])
  var bytes: [UInt8] { state.withLock { $0 } }
  func append(_ bytes: [UInt8]) { state.withLock { $0 += bytes } }
}
