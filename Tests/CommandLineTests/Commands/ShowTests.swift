import Foundation
import Testing

@testable import torrentctl

/// A .torrent with one piece and these raw bencoded parts.
private func torrent(name: String, file: String, extra: String = "") -> [UInt8] {
  func string(_ text: String) -> String { "\(text.utf8.count):\(text)" }
  return Array(
    ("d" + extra
      + "4:infod5:filesld6:lengthi1e4:pathl\(string(file))eee4:name\(string(name))12:piece lengthi16384e"
      + "6:pieces20:aaaaaaaaaaaaaaaaaaaaee").utf8)
}

@Suite struct ShowTests {
  let shell: Shell

  init() throws { shell = try Shell() }

  @Test func forPeople() throws {
    try shell.write(
      torrent(name: "data", file: "a.txt", extra: "8:announce17:http://t/announce7:comment2:hi3:fooi1e"),
      to: "x.torrent")
    let shown = shell.run("show", "x.torrent")
    #expect(shown.code == .done)
    #expect(shown.errors == "")
    for part in [
      "name", "data", "info-hash", "http://t/announce", "comment", "hi", "a.txt", "foo",
    ] {
      #expect(shown.text.contains(part), "\(part)")
    }
    #expect(!shown.text.contains("\u{1b}"))
    #expect(shell.run("show", "x.torrent", isTerminal: true).text.contains("\u{1b}[2m"))
    #expect(
      !shell.run("show", "x.torrent", environment: ["NO_COLOR": "1"], isTerminal: true).text.contains(
        "\u{1b}"))
  }

  @Test func asJSON() throws {
    try shell.write(
      torrent(
        name: "data", file: "a.txt", extra: "8:announce17:http://t/announce13:creation datei5e3:fooi1e"),
      to: "x.torrent")
    let json = try shell.run("show", "x.torrent", "--json").json
    #expect(json["name"] as? String == "data")
    #expect(json["trackers"] as? [[String]] == [["http://t/announce"]])
    #expect(json["creationDate"] as? Int == 5)
    #expect(json["private"] as? Bool == false)
    #expect(json["comment"] is NSNull)
    #expect(json["extra"] as? [String] == ["foo"])
    let files = try #require(json["files"] as? [[String: Any]])
    #expect(files.count == 1)
    #expect(files[0]["path"] as? [String] == ["a.txt"])
    #expect(files[0]["length"] as? Int == 1)
    #expect(files[0]["offset"] as? Int == 0)
  }

  @Test(
    "M08 names that would disturb a terminal are shown escaped, and JSON is valid UTF-8",
    arguments: [
      "\u{1b}[31mred", "a\rb", "\u{202e}gpj.exe", "a\nb", "\u{9b}2J", "\u{2028}x",
    ])
  func hostileNames(_ name: String) throws {
    try shell.write(
      torrent(name: name, file: name, extra: "7:comment\(name.utf8.count):\(name)"), to: "x.torrent")
    for line in [
      ["show", "x.torrent"], ["show", "x.torrent", "--json"], ["show", "x.torrent", "--files"],
      ["verify", "x.torrent"], ["verify", "x.torrent", "--json"],
    ] {
      let result = shell.run(arguments: line)
      for text in [String(validating: result.output, as: UTF8.self) ?? "\u{0}", result.errors] {
        // A tab is what --files puts behind a length.
        for scalar in text.replacing(/^\d+\t/.anchorsMatchLineEndings(), with: "").unicodeScalars
        where scalar != "\n" {
          switch scalar.properties.generalCategory {
          case .control, .format, .lineSeparator, .paragraphSeparator:
            Issue.record("U+\(String(scalar.value, radix: 16)) in \(line)")
          default: break
          }
        }
      }
    }
  }

  @Test("M08 a name that is not UTF-8")
  func invalidUTF8() throws {
    var bytes = torrent(name: "XX", file: "XX")
    for index in bytes.indices where bytes[index] == UInt8(ascii: "X") { bytes[index] = 0xff }
    try shell.write(bytes, to: "x.torrent")
    for option in ["", "--json"] {
      let result = option.isEmpty ? shell.run("show", "x.torrent") : shell.run("show", "x.torrent", option)
      #expect(String(validating: result.output, as: UTF8.self) != nil)
      #expect(result.code == .done)
    }
  }

  @Test func whatIsNotATorrent() throws {
    try shell.write("hello", to: "text")
    try shell.write("", to: "empty")
    try shell.write("d4:infodee", to: "half")
    for name in ["text", "empty", "half"] {
      let result = shell.run("show", name)
      #expect(result.code == .malformed, "\(name)")
      expectOneError(result)
      #expect(result.errors.contains(name))
      #expect(result.text == "")
      #expect(try shell.run("show", name, "--json").json["exitCode"] as? Int == 3)
    }
    let missing = shell.run("show", "missing.torrent")
    #expect(missing.code == .disk)
    #expect(missing.errors.contains("No such file or directory"))
    #expect(shell.run("show", ".").code == .disk)
  }

  @Test func aPathIsEscapedInTheError() {
    let result = shell.run("show", "a\u{1b}[2J\nb")
    expectOneError(result)
    #expect(result.code == .disk)
  }

  @Test func aReaderThatHadEnough() throws {
    try shell.write(torrent(name: "data", file: "a.txt"), to: "x.torrent")
    let result = shell.run("show", "x.torrent", closingOutputWith: .brokenPipe)
    #expect(result.errors == "")
    #expect(result.code == .disk)
  }
}
