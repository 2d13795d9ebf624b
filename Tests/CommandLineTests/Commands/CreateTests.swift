import Foundation
import Metainfo
import Testing

@testable import torrentctl

@Suite struct CreateTests {
  let shell: Shell

  init() throws {
    shell = try Shell()
    try shell.write(String(repeating: "a", count: 40_000), to: "data/a.txt")
    try shell.write("b", to: "data/sub/b.txt")
    try shell.write("", to: "data/empty")
  }

  @Test func aFolder() throws {
    let made = shell.run("create", "data/", "-o", "share.torrent")
    #expect(made.code == .done)
    #expect(made.errors == "")
    #expect(made.text.contains("share.torrent"))
    let torrent = try TorrentFile.read(path: shell.path("share.torrent"))
    #expect(torrent.info.name.name == "data")
    #expect(torrent.info.files.count == 3)
    #expect(torrent.createdBy == "torrentctl 0.1.0")
    #expect(torrent.creationDate != nil)
    #expect(made.text.contains("\(torrent.infoHash)"))
    // Nothing else is left, and the .torrent is not in what it describes.
    #expect(try shell.list() == ["data", "share.torrent"])
  }

  @Test func whatItSaysAsJSON() throws {
    let made = shell.run(
      "create", "data", "--json", "--piece-length", "32KiB", "--name", "größe", "-a", "http://t/announce?a&b")
    #expect(made.code == .done)
    let json = try made.json
    let torrent = try TorrentFile.read(path: shell.path("größe.torrent"))
    #expect(json["torrent"] as? String == "größe.torrent")
    #expect(json["name"] as? String == "größe")
    #expect(json["format"] as? String == "v1")
    #expect((json["infoHash"] as? [String: Any])?["v1"] as? String == "\(torrent.infoHash)")
    #expect(json["pieceLength"] as? Int == 32_768)
    #expect(json["pieceCount"] as? Int == 2)
    #expect(json["fileCount"] as? Int == 3)
    #expect(json["totalLength"] as? Int == 40_001)
    #expect(
      json["magnet"] as? String
        == "magnet:?xt=urn:btih:\(torrent.infoHash)&dn=gr%C3%B6%C3%9Fe&xl=40001"
        + "&tr=http%3A%2F%2Ft%2Fannounce%3Fa%26b")
    #expect(json["warnings"] as? [String] == [])
  }

  @Test func optionsEndUpInTheTorrent() throws {
    let made = shell.run(
      "create", "data/a.txt", "-o", "x.torrent", "--private", "--source", "S", "--comment", "C",
      "--no-created-by",
      "--date", "2001-09-09T01:46:40Z", "-a", "http://a/announce,http://b/announce", "-a", "http://c/announce"
    )
    #expect(made.code == .done)
    let torrent = try TorrentFile.read(path: shell.path("x.torrent"))
    #expect(torrent.info.isSingleFile)
    #expect(torrent.info.isPrivate)
    #expect(torrent.info.source == "S")
    #expect(torrent.comment == "C")
    #expect(torrent.createdBy == nil)
    #expect(torrent.creationDate == 1_000_000_000)
    #expect(torrent.announce.tiers == [["http://a/announce", "http://b/announce"], ["http://c/announce"]])
  }

  @Test func theSameInputMakesTheSameBytes() throws {
    let environment = ["SOURCE_DATE_EPOCH": "1700000000"]
    #expect(shell.run("create", "data", "-o", "1.torrent", environment: environment).code == .done)
    #expect(
      shell.run("create", "data", "-o", "2.torrent", "--threads", "1", environment: environment).code == .done
    )
    let printed = shell.run("create", "data", "-o", "-", environment: environment)
    #expect(try shell.read("1.torrent") == shell.read("2.torrent"))
    #expect(try shell.read("1.torrent") == printed.output)
    #expect(printed.errors == "")
  }

  @Test func anExistingFileIsNotOverwrittenWithoutForce() throws {
    try shell.write("mine", to: "share.torrent")
    let refused = shell.run("create", "data", "-o", "share.torrent")
    #expect(refused.code == .disk)
    #expect(refused.errors.contains("share.torrent: already exists (--force overwrites it)"))
    #expect(try shell.read("share.torrent") == Array("mine".utf8))
    #expect(shell.run("create", "data", "-o", "share.torrent", "--force").code == .done)
    #expect(shell.run("show", "share.torrent").code == .done)
  }

  @Test("M16 create with an output path that can't be written")
  func unwritableOutput() throws {
    for output in ["none/x.torrent", "data", "data/a.txt/x.torrent", "x/"] {
      let result = shell.run("create", "data", "-o", output)
      #expect(result.code == .disk, "\(output)")
      expectOneError(result)
      #expect(result.text == "")
    }
    #expect(try shell.list() == ["data"])
  }

  @Test("M15 create on what can't be shared")
  func badContent() throws {
    try FileManager.default.createDirectory(atPath: shell.path("empty"), withIntermediateDirectories: true)
    try shell.write("", to: "nothing")
    #expect(mkfifo(shell.path("fifo"), 0o600) == 0)
    let before = try shell.list()
    for path in ["missing", "empty", "nothing", "fifo"] {
      let result = shell.run("create", path, "-o", "x.torrent")
      #expect(result.code == .disk, "\(path)")
      expectOneError(result)
      #expect(result.errors.contains(path))
    }
    #expect(try shell.list() == before)
  }

  @Test func aFailureIsJSONToo() throws {
    let result = shell.run("create", "missing", "--json")
    #expect(result.code == .disk)
    #expect(try result.json["exitCode"] as? Int == 4)
    #expect((try result.json["error"] as? String)?.contains("missing") == true)
    expectOneError(result)
  }

  @Test func bytesDontGoToATerminal() {
    let result = shell.run("create", "data", "-o", "-", isTerminal: true)
    #expect(result.code == .usage)
    #expect(result.text == "")
  }

  @Test func aFullDiskBehindStandardOutput() {
    let result = shell.run("create", "data", "-o", "-", closingOutputWith: .noSpace)
    #expect(result.code == .disk)
    #expect(result.errors == "torrentctl: error: standard output: No space left on device\n")
  }
}

/// One line on standard error, in the form that all errors have, with nothing in it that moves a terminal.
func expectOneError(_ result: Shell.Result, sourceLocation: SourceLocation = #_sourceLocation) {
  #expect(result.errors.hasPrefix("torrentctl: error: "), sourceLocation: sourceLocation)
  #expect(result.errors.utf8.filter { $0 == 10 }.count == 1, sourceLocation: sourceLocation)
  #expect(result.errors.hasSuffix("\n"), sourceLocation: sourceLocation)
  #expect(!result.errors.contains("\u{1b}"), sourceLocation: sourceLocation)
}
