import Foundation
import Testing

@testable import torrentctl

@Suite struct EditTests {
  let shell: Shell

  init() throws {
    shell = try Shell()
    try shell.write("content", to: "data/a.txt")
    for name in ["x", "y"] {
      let made = shell.run(
        "create", "data", "-o", "\(name).torrent", "--announce", "http://t/announce", "--comment", "old")
      #expect(made.code == .done)
    }
  }

  private func shown(_ name: String) throws -> [String: Any] { try shell.run("show", name, "--json").json }

  private func hash(_ name: String) throws -> String? {
    (try shown(name)["infoHash"] as? [String: Any])?["v1"] as? String
  }

  private func modified(_ name: String) throws -> Date? {
    try FileManager.default.attributesOfItem(atPath: shell.path(name))[.modificationDate] as? Date
  }

  @Test func inPlace() throws {
    let before = try hash("x.torrent")
    let result = shell.run(
      "edit", "x.torrent", "--add-tracker", "udp://u:1,udp://v:2", "--comment", "new", "--no-date",
      "--no-created-by",
      "--add-web-seed", "http://w/", "--add-node", "[::1]:6881")
    #expect(result.code == .done)
    #expect(result.errors == "")
    #expect(
      result.text.hasPrefix("x.torrent: changed\n  trackers    + udp://u:1\n              + udp://v:2\n"),
      "\(result.text)")
    #expect(result.text.contains("  comment     - old\n              + new\n"))
    let json = try shown("x.torrent")
    #expect(json["trackers"] as? [[String]] == [["http://t/announce"], ["udp://u:1", "udp://v:2"]])
    #expect(json["webSeeds"] as? [String] == ["http://w/"])
    #expect(json["nodes"] as? [String] == ["[::1]:6881"])
    #expect(json["comment"] as? String == "new")
    #expect(json["creationDate"] is NSNull && json["createdBy"] is NSNull)
    #expect(try hash("x.torrent") == before)
    #expect(try shell.list() == ["data", "x.torrent", "y.torrent"])
  }

  @Test func removingAndReplacing() throws {
    let result = shell.run(
      "edit", "x.torrent", "--replace-tracker", "http://t/announce=http://n/?a=b", "--no-comment")
    #expect(result.code == .done)
    #expect(try shown("x.torrent")["trackers"] as? [[String]] == [["http://n/?a=b"]])
    #expect(
      shell.run(
        "edit", "x.torrent", "--replace-tracker", "http://n/?a=b=http://m/", "--add-tracker", "http://o/",
        "--tier", "1"
      )
      .code == .done)
    #expect(try shown("x.torrent")["trackers"] as? [[String]] == [["http://m/", "http://o/"]])
    #expect(
      shell.run("edit", "x.torrent", "--remove-tracker", "all", "--add-tracker", "http://p/").code == .done)
    #expect(try shown("x.torrent")["trackers"] as? [[String]] == [["http://p/"]])
    #expect(shell.run("edit", "x.torrent", "-a", "http://1/,http://2/", "-a", "http://3/").code == .done)
    #expect(
      try shown("x.torrent")["trackers"] as? [[String]] == [["http://1/", "http://2/"], ["http://3/"]])
  }

  @Test("What changes and counts for nothing is said too")
  func ignoredKeys() throws {
    let info = "d6:lengthi1e4:name1:a12:piece lengthi16384e6:pieces20:\(String(repeating: "h", count: 20))e"
    try shell.write(
      "d8:announce9:http://a/13:announce-listll9:http://b/ee4:info\(info)e", to: "odd.torrent")
    let result = shell.run("edit", "odd.torrent", "--remove-tracker", "http://a/")
    #expect(
      result.text == "odd.torrent: changed\n  announce  - \"http://a/\"\n            + \"http://b/\"\n")
    #expect(try shown("odd.torrent")["trackers"] as? [[String]] == [["http://b/"]])
  }

  @Test func nothingToChangeLeavesTheFileAlone() throws {
    let old = Date(timeIntervalSince1970: 1000)
    try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: shell.path("x.torrent"))
    let result = shell.run("edit", "x.torrent", "--comment", "old", "--remove-tracker", "http://none/")
    #expect(result.code == .done)
    #expect(result.text == "x.torrent: nothing to change\n")
    #expect(try modified("x.torrent") == old)
  }

  @Test func aDryRunWritesNothing() throws {
    let bytes = try shell.read("x.torrent")
    let result = shell.run("edit", "x.torrent", "--dry-run", "--comment", "new", "--json")
    #expect(result.code == .done)
    let entry = try #require((try result.json["torrents"] as? [[String: Any]])?.first)
    #expect(entry["changed"] as? Bool == true)
    #expect(try shell.read("x.torrent") == bytes)
    #expect(shell.run("edit", "x.torrent", "-n", "--comment", "new").text.contains("would be changed"))
    #expect(shell.run("edit", "x.torrent", "-n", "--comment", "new", "-o", "z.torrent").code == .done)
    #expect(try shell.list() == ["data", "x.torrent", "y.torrent"])
  }

  @Test func whatChangesTheInfoHashHasToBeAllowed() throws {
    let bytes = try shell.read("x.torrent")
    let before = try #require(try hash("x.torrent"))
    for option in [["--private"], ["--no-private"], ["--source", "S"], ["--no-source"], ["--name", "n"]] {
      let result = shell.run(arguments: ["edit", "x.torrent"] + option)
      #expect(result.code == .usage)
      expectOneError(result)
      #expect(result.errors.contains("--new-infohash"))
    }
    #expect(try shell.read("x.torrent") == bytes)
    let result = shell.run("edit", "x.torrent", "--new-infohash", "--private", "--source", "S", "--name", "n")
    #expect(result.code == .done)
    let after = try #require(try hash("x.torrent"))
    #expect(after != before)
    #expect(result.text.contains("- \(before)\n") && result.text.contains("+ \(after)\n"))
    let json = try shown("x.torrent")
    #expect(
      json["private"] as? Bool == true && json["source"] as? String == "S" && json["name"] as? String == "n")
  }

  @Test func elsewhere() throws {
    let bytes = try shell.read("x.torrent")
    #expect(shell.run("edit", "x.torrent", "--no-comment", "-o", "y.torrent").code == .disk)
    #expect(shell.run("edit", "x.torrent", "--no-comment", "-o", "z.torrent").code == .done)
    #expect(shell.run("edit", "x.torrent", "--no-comment", "-o", "y.torrent", "--force").code == .done)
    #expect(try shell.read("x.torrent") == bytes)
    #expect(try shell.read("y.torrent") == shell.read("z.torrent"))
    let piped = shell.run("edit", "x.torrent", "--no-comment", "-o", "-")
    #expect(try piped.output == shell.read("z.torrent"))
    #expect(piped.errors.contains("- old"))
    #expect(shell.run("edit", "x.torrent", "--no-comment", "-o", "-", isTerminal: true).code == .usage)
    // A copy is a copy also when nothing changes.
    #expect(shell.run("edit", "x.torrent", "--comment", "old", "-o", "same.torrent").code == .done)
    #expect(try shell.read("same.torrent") == bytes)
  }

  @Test func severalFilesOfWhichOneCantBeChanged() throws {
    try shell.write("hello", to: "bad.torrent")
    let result = shell.run("edit", "x.torrent", "bad.torrent", "missing.torrent", "y.torrent", "--no-comment")
    #expect(result.code == .disk)
    #expect(result.text.contains("x.torrent: changed") && result.text.contains("y.torrent: changed"))
    #expect(result.errors.split(separator: "\n").count == 2)
    #expect(try shown("y.torrent")["comment"] is NSNull)
    let json = shell.run("edit", "x.torrent", "bad.torrent", "--json", "--comment", "c")
    #expect(json.code == .malformed)
    let entries = try #require(try json.json["torrents"] as? [[String: Any]])
    #expect(entries.map { $0["torrent"] as? String } == ["x.torrent", "bad.torrent"])
    #expect(entries[0]["error"] is NSNull && entries[1]["error"] is String)
    #expect(entries[1]["exitCode"] as? Int == 3)
  }

  @Test func asJSON() throws {
    let result = shell.run("edit", "x.torrent", "--json", "--comment", "new", "--new-infohash", "--private")
    let entry = try #require((try result.json["torrents"] as? [[String: Any]])?.first)
    #expect(entry["torrent"] as? String == "x.torrent")
    #expect(entry["output"] as? String == "x.torrent")
    let hashes = try #require(entry["infoHash"] as? [String: [String: Any]])
    #expect(hashes["after"]?["v1"] as? String == (try hash("x.torrent")))
    #expect(hashes["before"]?["v1"] as? String == (try hash("y.torrent")))
    let changes = try #require(entry["changes"] as? [[String: Any]])
    #expect(changes.map { $0["field"] as? String } == ["comment", "private"])
    #expect(changes[0]["before"] as? String == "old" && changes[0]["after"] as? String == "new")
  }

  @Test(
    arguments: [
      [], ["--comment", "a", "--no-comment"], ["--add-tracker", "nonsense"], ["--tier", "1"],
      ["--add-tracker", "http://a/", "--tier", "0"], ["--replace-tracker", "http://a/"],
      ["--add-node", "host"], ["--remove-node", "host"], ["--date", "soon"],
      ["-o", "-", "--json", "--no-date"],
      ["--new-infohash", "--name", "a/b"], ["y.torrent", "-o", "z", "--no-date"], ["-", "--no-date"],
      ["--announce", "http://a/", "--remove-tracker", "http://b/"], ["--new-infohash"],
    ])
  func refused(_ options: [String]) throws {
    let bytes = try shell.read("x.torrent")
    let result = shell.run(arguments: ["edit", "x.torrent"] + options)
    #expect(result.code == .usage)
    expectOneError(result)
    #expect(try shell.read("x.torrent") == bytes)
  }

  @Test func namesFromTheTorrentAreEscaped() throws {
    let result = shell.run("edit", "x.torrent", "--comment", "a\u{1b}[31mb\u{202e}")
    #expect(!result.text.contains("\u{1b}") && !result.text.contains("\u{202e}"))
    #expect(result.text.contains("a\\u{1B}[31mb"))
  }

  @Test func permissionsAndLinksAreKept() throws {
    let disk = FileManager.default
    try disk.setAttributes([.posixPermissions: 0o600], ofItemAtPath: shell.path("x.torrent"))
    try disk.createSymbolicLink(atPath: shell.path("l.torrent"), withDestinationPath: "x.torrent")
    #expect(shell.run("edit", "l.torrent", "--no-comment").code == .done)
    #expect(try disk.destinationOfSymbolicLink(atPath: shell.path("l.torrent")) == "x.torrent")
    #expect(try shown("x.torrent")["comment"] is NSNull)
    let mode = try disk.attributesOfItem(atPath: shell.path("x.torrent"))[.posixPermissions] as? Int
    #expect(mode == 0o600)
  }
}
