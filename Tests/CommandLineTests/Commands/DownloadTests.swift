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

  @Test func whatIsNoPattern() {
    let result = shell.run("download", "x.torrent", "--select", "[z-a]")
    #expect(result.code == .usage)
    #expect(
      result.errors
        == "torrentctl: error: --select: '[z-a]' has the range z-a, which is the wrong way round\n")
  }
}
