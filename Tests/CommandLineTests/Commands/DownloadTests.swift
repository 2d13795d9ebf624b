import Foundation
import Testing

@testable import torrentctl

/// What `download` refuses before there is a session.
@Suite struct DownloadTests {
  let shell: Shell

  init() throws {
    shell = try Shell()
    try shell.write("a", to: "data/a.txt")
    try shell.write("b", to: "data/docs/b.md")
    #expect(shell.run("create", "data", "-o", "x.torrent").code == .done)
  }

  @Test func aSelectionOfNothing() throws {
    let result = shell.run(
      "download", "x.torrent", "-o", "dest", "--select", "*.pdf", "--select", "docs/*.txt")
    #expect(result.code == .usage)
    #expect(
      result.errors
        == "torrentctl: error: --select: no file of 'data' matches '*.pdf' or 'docs/*.txt' "
        + "('torrentctl show' lists the files)\n")
    #expect(result.output.isEmpty)
    #expect(!shell.exists("dest"))
  }

  @Test("Two torrents that would write to one place are refused before anything is written")
  func onePlaceForTwo() throws {
    #expect(shell.run("create", "data/docs", "--name", "data", "-qo", "y.torrent").code == .done)
    let result = shell.run("download", "x.torrent", "y.torrent", "-o", "dest")
    #expect(result.code == .usage)
    #expect(result.errors.contains("y.torrent: goes to 'dest/data', as x.torrent does"), "\(result.errors)")
    #expect(!shell.exists("dest"))
  }

  @Test("F1 F4 A magnet link and a URL are told what they are")
  func noTorrents() throws {
    let magnet = shell.run("magnet", "x.torrent").text.trimmingCharacters(in: .newlines)
    for command in ["download", "magnet", "seed", "verify"] {
      let result = shell.run(command, magnet)
      #expect(result.code == .usage)
      expectOneError(result)
      #expect(
        result.errors.contains("can't be fetched from peers yet (get the .torrent)"), "\(result.errors)")
      #expect(shell.run(command, "http://h/x.torrent").errors.contains("(curl -O' fetches it)".dropFirst()))
    }
  }

  @Test func whatIsNoPattern() {
    let result = shell.run("download", "x.torrent", "--select", "[z-a]")
    #expect(result.code == .usage)
    #expect(
      result.errors
        == "torrentctl: error: --select: '[z-a]' has the range z-a, which is the wrong way round\n")
  }
}
