import Foundation
import TestKit

/// The real command, as users run it.
enum Torrentctl {
  /// `TORRENTCTL` of the environment (`make test` names the release binary), else the one built beside the tests.
  static let path: String = {
    if let named = ProcessInfo.processInfo.environment["TORRENTCTL"] { return named }
    let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return (bundle as NSString).deletingLastPathComponent + "/torrentctl"
  }()

  static func start(
    _ name: String, _ arguments: [String], host: Host = .loopback, folder: String, directory: String? = nil,
    environment: [String: String] = [:]
  ) throws -> ProcessChild {
    try ProcessChild(
      name, host.prefix + [path] + arguments, folder: folder, directory: directory, environment: environment)
  }

  /// Runs a command to its end.
  static func run(
    _ arguments: [String], folder: String, directory: String? = nil, within deadline: Duration = .seconds(30)
  ) async throws -> (code: Int32, output: String, errors: String) {
    let name = "run-\(UInt32.random(in: 0 ... .max))"
    let child = try start(name, arguments, folder: folder, directory: directory)
    let code = try await child.exit(within: deadline)
    return (code, child.output, child.errors)
  }
}

/// Where a program runs: an address, and what goes before its command to run it there.
struct Host {
  var prefix: [String] = []
  var address: String

  static let loopback = Host(address: "127.0.0.1")
}

/// One line of the JSON Lines that our command and the drivers print; the fields any test asks for.
struct Event: Decodable {
  var event: String
  var port: Int?
  var name: String?
  var seeding: Bool?
  var uploaded: Int?
  var downloaded: Int?
  var index: Int?
  var from: [String]?
  var good: Int?
  var total: Int?
  var lost: Int?
  var bytes: Int?
  var left: String?
  var hash: String?
  /// The tracker's word on what a client announced; clients' own events have no field of that kind.
  var announced: String?
}

extension ProcessChild {
  /// The whole lines printed so far that are JSON.
  var events: [Event] {
    let lines = output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    return lines.compactMap { try? JSONDecoder().decode(Event.self, from: Data($0.utf8)) }
  }

  /// Waits for a line of that kind, and gives the first.
  func event(_ kind: String, within deadline: Duration = .seconds(20)) async throws -> Event {
    try await eventually("\(name): \(kind)", within: deadline, saying: report) {
      if let found = events.first(where: { $0.event == kind }) { return found }
      if let code = exitCode { throw ProcessFailure("ended with \(code) before \(kind)\n\(report())") }
      return nil
    }
  }

  /// Waits for the port that the program says it listens on.
  func listeningPort() async throws -> Int {
    guard let port = try await event("listening").port else { throw ProcessFailure("no port\n\(report())") }
    return port
  }
}
