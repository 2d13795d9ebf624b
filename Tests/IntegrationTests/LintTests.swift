import Foundation
import TestKit
import Testing

/// The checks of `scripts/lint` find what they are for: each is shown a small tree that breaks its rule.
@Suite("Lint", .timeLimit(.minutes(5)))
struct LintTests {
  @Test(
    "a rule that is broken is found, with file and line",
    arguments: [
      ("Sources/Transfer/Swarm/A.swift", "import Glibc\n", "A.swift:1:import Glibc  [pure]"),
      ("Sources/Metainfo/Compare/A.swift", "import Glibc\n", "A.swift:1:import Glibc  [pure]"),
      ("Sources/Transfer/Wire/A.swift", "import Foundation\n", "A.swift:1:import Foundation  [imports]"),
      ("Sources/Metainfo/Edit/A.swift", "import Glibc\n", "A.swift:1:import Glibc  [pure]"),
      (
        "Sources/Transfer/HTTP/A.swift", "func f() async { await g() }\n",
        "A.swift:1:func f() async { await g() }  [pure]"
      ),
      (
        "Sources/Bencode/A.swift", "let n = Int.random(in: 0..<9)\n",
        "A.swift:1:let n = Int.random(in: 0..<9)  [pure]"
      ),
      (
        "Sources/Transfer/Tracker/A.swift", "\nvar loop: ProbeLoop\n",
        "A.swift:2:var loop: ProbeLoop  [layering]"
      ),
      (
        "Sources/Metainfo/Author/A.swift", String(repeating: "\n", count: 401),
        "A.swift:401: more than 400 lines  [size]"
      ),
    ])
  func findsWhatIsBroken(path: String, text: String, finding: String) async throws {
    let (code, findings) = try await lint([path: text])
    #expect(code == 1)
    #expect(findings.contains { $0.hasSuffix(finding) }, "\(findings)")
  }

  @Test("comments, strings and the layers that may do I/O are left in peace")
  func leavesTheRestInPeace() async throws {
    let (_, findings) = try await lint([
      "Sources/Transfer/Swarm/A.swift": """
      /// Unlike ProbeLoop this never has to await a Task.
      let text = "ProbeLoop: print await"
      let long = \"\"\"
        import Glibc
        \"\"\"
      """,
      "Sources/Transfer/Session/B.swift": "import Glibc\n\nlet loop = ProbeLoop()\n",
    ])
    #expect(findings.filter { !$0.hasSuffix("[format]") && !$0.hasPrefix("lint:") } == [])
  }

  /// Runs a copy of the script over a tree of its own, which has a type `ProbeLoop` in System.
  private func lint(_ files: [String: String]) async throws -> (code: Int32, findings: [String]) {
    let scratch = try ScratchFolder("lint")
    let disk = FileManager.default
    try disk.createDirectory(atPath: scratch.path + "/scripts", withIntermediateDirectories: true)
    try disk.copyItem(
      atPath: ReferenceClient.packageFolder + "/scripts/lint", toPath: scratch.path + "/scripts/lint")
    var files = files
    files["Package.swift"] = "// swift-tools-version: 6.2\n"
    files["Sources/Transfer/System/ProbeLoop.swift"] = "public final class ProbeLoop {}\n"
    for (path, text) in files {
      let whole = "\(scratch.path)/\(path)"
      try disk.createDirectory(
        atPath: (whole as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try TestFile.write(Array(text.utf8), to: whole)
    }
    let child = try ProcessChild("lint", [scratch.path + "/scripts/lint"], folder: scratch.path)
    let code = try await child.exit(within: .seconds(40))
    return (code, child.output.split(separator: "\n").map(String.init))
  }
}
