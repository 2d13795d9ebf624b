import Glibc

/// Programs by other people that integration tests run. A test whose program is missing is skipped by its name.
public enum ReferenceClient: String, Sendable, CaseIterable, CustomStringConvertible {
  case libtorrent
  case aria2
  case transmission
  case transmissionCreate = "transmission-create"
  case mktorrent
  case torf

  public var description: String { rawValue }

  /// Whether this machine can run it.
  public var isInstalled: Bool { ReferenceClient.installed.contains(self) }

  private static let installed: Set<ReferenceClient> = {
    var found: Set<ReferenceClient> = []
    for module in [libtorrent, torf] {
      if let python, runs([python, "-c", "import \(module)"]) { found.insert(module) }
    }
    for program in [mktorrent, transmissionCreate] where findProgram(program.rawValue) != nil {
      found.insert(program)
    }
    if findProgram("aria2c") != nil { found.insert(.aria2) }
    if findProgram("transmission-daemon") != nil, findProgram("transmission-remote") != nil {
      found.insert(.transmission)
    }
    return found
  }()

  /// A Python for the drivers: the one that `make test` furnished, else the one on the PATH.
  public static let python: String? = {
    let own = packageFolder + "/.build/python/bin/python3"
    if access(own, X_OK) == 0, runs([own, "-c", "import libtorrent"]) { return own }
    return findProgram("python3")
  }()

  /// The folder that holds `Package.swift`.
  public static let packageFolder: String = {
    #filePath.split(separator: "/").dropLast(3).reduce(into: "") { $0 += "/" + $1 }
  }()

  /// A driver of `Tests/IntegrationTests/Drivers`, as a command.
  public static func driver(_ name: String) throws -> [String] {
    guard let python else { throw ProcessFailure("python3 is not installed") }
    return [python, "\(packageFolder)/Tests/IntegrationTests/Drivers/\(name).py"]
  }

  /// The path of a program on the PATH, or where administrators' programs are.
  public static func findProgram(_ name: String) -> String? {
    let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    let folders: [String] = path.split(separator: ":").map(String.init) + ["/usr/sbin", "/sbin"]
    for folder in folders {
      let candidate = "\(folder)/\(name)"
      if access(candidate, X_OK) == 0 { return candidate }
    }
    return nil
  }

  /// Runs a command to its end, at most ten seconds, and says whether it ended well.
  public static func runs(_ command: [String]) -> Bool {
    guard let folder = try? ScratchFolder("probe") else { return false }
    return withExtendedLifetime(folder) {
      guard let child = try? ProcessChild("probe", command, folder: folder.path) else { return false }
      for _ in 0..<2000 where child.exitCode == nil { usleep(5_000) }
      return child.exitCode == 0
    }
  }
}
