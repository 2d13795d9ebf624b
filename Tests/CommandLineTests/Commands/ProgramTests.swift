import Foundation
import Testing

@testable import torrentctl

@Suite struct ProgramTests {
  @Test func helpGoesToStandardOutput() throws {
    let shell = try Shell()
    let help = shell.run("--help")
    #expect(help.code == .done)
    #expect(help.text == HelpText.overview())
    #expect(help.errors == "")
    #expect(shell.run("show", "-h").text == HelpText.text(ShowArguments.spec))
    #expect(shell.run("--version").text == "torrentctl 0.1.0\n")
  }

  @Test func aUsageErrorIsOneLine() throws {
    let shell = try Shell()
    let result = shell.run("create", "--piece-lenght", "1MiB", "data")
    #expect(result.code == .usage)
    #expect(result.text == "")
    #expect(
      result.errors
        == "torrentctl: error: --piece-lenght: no such option of 'create' (did you mean --piece-length?)\n")
    #expect(shell.run().code == .usage)
    expectOneError(shell.run(""))
    expectOneError(shell.run("\u{1b}[2J\n"))
    expectOneError(shell.run("show", "--\u{1b}\n=x"))
  }

  @Test("A mistake in the options is told in the form that was asked for, as far as can be seen")
  func aUsageErrorHasADocument() throws {
    let shell = try Shell()
    let document = shell.run("create", "data", "--json", "--piece-length", "7").text
    #expect(document.hasPrefix("{") && document.contains("\"exitCode\": 2"), "\(document)")
    #expect(shell.run("seed", "--events", "--port", "x", "a.torrent").text.hasPrefix("{"))
    #expect(shell.run("create", "--piece-length", "7", "--", "--json").text.isEmpty)
  }

  @Test func unicodeFollowsTheLocale() throws {
    func console(_ environment: [String: String]) -> Console {
      Console(
        arguments: [], environment: { environment[$0] }, directory: "", output: Output { _ in },
        errors: Output { _ in })
    }
    #expect(console(["LANG": "de_DE.UTF-8"]).isUnicode)
    #expect(console(["LANG": "de_DE.UTF-8", "LC_ALL": ""]).isUnicode)
    #expect(!console(["LANG": "de_DE.UTF-8", "LC_ALL": "C"]).isUnicode)
    #expect(!console([:]).isUnicode)
  }

  @Test func pathsStartInTheConsolesDirectory() {
    let console = Console(
      arguments: [], environment: { _ in nil }, directory: "/d", output: Output { _ in },
      errors: Output { _ in })
    #expect(console.path("a/b") == "/d/a/b")
    #expect(console.path("/a") == "/a")
    #expect(console.path("-") == "-")
  }
}
