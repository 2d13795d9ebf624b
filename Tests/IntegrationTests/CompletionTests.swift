import Foundation
import TestKit
import Testing

/// Completions in the shells they are for, and the manual page in the formatter. Every shell completes in a folder with the
/// files `one.torrent`, `two b.torrent`, `other.txt` and the folder `dir`.
@Suite("Completions", .timeLimit(.minutes(5)))
struct CompletionTests {
  let scratch: ScratchFolder
  let files: String

  init() throws {
    scratch = try ScratchFolder("completions")
    files = try scratch.folder("files")
    for name in ["one.torrent", "two b.torrent", "other.txt"] {
      try TestFile.write([], to: "\(files)/\(name)")
    }
    _ = try scratch.folder("files/dir")
  }

  /// A line that somebody has begun, and what comes next.
  private static let lines: [(line: String, candidates: Set<String>)] = [
    ("cre", ["create"]), ("completions ", ["bash", "zsh", "fish"]), ("create --piece", ["--piece-length"]),
    ("verify --js", ["--json"]), ("create --name ", []), ("download --peer ", []),
    ("download -o ", ["dir"]), ("show on", ["one.torrent"]), ("show two", ["two b.torrent"]),
    ("bencode ot", ["other.txt"]),
  ]

  private func script(_ shell: String) async throws -> String {
    let (code, script, errors) = try await Torrentctl.run(["completions", shell], folder: scratch.path)
    try #require(code == 0 && errors == "")
    let path = "\(scratch.path)/torrentctl.\(shell)"
    try TestFile.write(Array(script.utf8), to: path)
    return path
  }

  /// Runs a shell among the files; what it prints by lines.
  private func run(_ command: [String]) async throws -> [String] {
    let child = try ProcessChild(
      "shell", command, folder: scratch.path, directory: files, environment: ["TERM": "dumb"])
    let code = try await child.exit(within: .seconds(60))
    try #require(code == 0, "\(child.report())")
    #expect(child.errors == "")
    return child.output.split(separator: "\n").map(String.init)
  }

  private func words(_ line: String) -> [String] {
    line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
  }

  @Test("bash", .enabled("bash is not installed") { ReferenceClient.findProgram("bash") != nil })
  func bash() async throws {
    let script = try await script("bash")
    for (line, candidates) in Self.lines {
      let answer = try await run(
        [
          "bash", "-c",
          """
          . "$0"; COMP_WORDS=(torrentctl "$@"); COMP_CWORD=$#; _torrentctl
          [ ${#COMPREPLY[@]} = 0 ] || printf '%s\\n' "${COMPREPLY[@]}"
          """, script,
        ] + words(line))
      #expect(Set(answer) == candidates, "\(line)")
    }
    // Bash hands over --order=s in three words, and what is quoted with its quote.
    for (line, candidate) in [
      (["create", "--order", "=", "s"], "size"), (["show", "\"two"], "two b.torrent"),
    ] {
      let answer = try await run(
        [
          "bash", "-c",
          ". \"$0\"; COMP_WORDS=(torrentctl \"$@\"); COMP_CWORD=$#; _torrentctl; echo \"$COMPREPLY\"", script,
        ] + line)
      #expect(answer == [candidate])
    }
  }

  @Test("zsh", .enabled("zsh is not installed") { ReferenceClient.findProgram("zsh") != nil })
  func zsh() async throws {
    let driver = "\(ReferenceClient.packageFolder)/Tests/IntegrationTests/Drivers/zsh_completions.zsh"
    let lines =
      Self.lines.map { "torrentctl " + $0.line } + ["torrentctl create --order=s", "torrentctl --vers"]
    let answer = try await run(
      ["zsh", "-f", driver, try await script("zsh"), scratch.path + "/answers"] + lines)
    var candidates: [String: Set<String>] = [:]
    var buffers: [String: String] = [:]
    var line = ""
    for text in answer {
      if text.hasPrefix("== ") {
        line = String(text.dropFirst(3))
        candidates[line] = []
      } else if text.hasPrefix("<") {
        buffers[line] = text
      } else {
        candidates[line, default: []].insert(text.filter { $0 != "\\" })
      }
    }
    for (line, expected) in Self.lines { #expect(candidates["torrentctl " + line] == expected, "\(line)") }
    #expect(buffers["torrentctl cre"] == "<torrentctl create >")
    #expect(buffers["torrentctl show two"] == "<torrentctl show two\\ b.torrent >")
    #expect(buffers["torrentctl create --order=s"] == "<torrentctl create --order=size >")
    #expect(buffers["torrentctl --vers"] == "<torrentctl --version >")
  }

  @Test("fish", .enabled("fish is not installed") { ReferenceClient.findProgram("fish") != nil })
  func fish() async throws {
    let script = try await script("fish")
    for (line, candidates) in Self.lines + [
      ("create --order=s", ["--order=size"]), ("--vers", ["--version"]),
    ] {
      let answer = try await run([
        "fish", "--no-config", "-c", "source $argv[1]; complete -C \"torrentctl $argv[2]\"", script, line,
      ])
      // What is offered, a tab, what it is. A folder has its slash.
      let offered = answer.map { $0.prefix { $0 != "\t" } }.map { $0.hasSuffix("/") ? $0.dropLast() : $0 }
      #expect(Set(offered.map(String.init)) == candidates, "\(line)")
    }
  }

  @Test("scripts are well formed", arguments: ["bash", "zsh", "fish"])
  func syntax(shell: String) async throws {
    let path = try await script(shell)
    guard ReferenceClient.findProgram(shell) != nil else { return }
    #expect(try await run([shell, "-n", path]) == [])
  }

  @Test(
    "the manual page is set without a warning",
    .enabled("groff is not installed") { ReferenceClient.findProgram("groff") != nil })
  func manual() async throws {
    let (code, page, _) = try await Torrentctl.run(["man"], folder: scratch.path)
    try #require(code == 0)
    let path = "\(scratch.path)/torrentctl.1"
    try TestFile.write(Array(page.utf8), to: path)
    let lines = try await run(["groff", "-man", "-Tutf8", "-ww", "-P-cbou", path])
    for part in ["torrentctl create [OPTION]... PATH", "--piece-length SIZE", "TORRENTCTL_BIND", "130"] {
      #expect(lines.contains { $0.contains(part) }, "\(part)")
    }
    // Dashes and quotes are the ones that can be typed.
    #expect(!lines.joined().contains { "‐−’".contains($0) })
  }
}
