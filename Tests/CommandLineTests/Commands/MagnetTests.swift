import Foundation
import Testing

@testable import torrentctl

@Suite struct MagnetTests {
  let shell: Shell

  init() throws {
    shell = try Shell()
    for name in ["a.txt", "b.pdf", "docs/c.txt", "docs/d.txt"] {
      try shell.write("content", to: "data/" + name)
    }
  }

  private func make(_ visibility: String = "--no-date") throws {
    let made = shell.run("create", "data", "-o", "x.torrent", "--announce", "http://t/announce", visibility)
    #expect(made.code == .done)
  }

  @Test func theLinkAndNothingElse() throws {
    try make()
    let shown = try shell.run("show", "x.torrent", "--json").json
    let result = shell.run("magnet", "x.torrent")
    #expect(result.code == .done)
    #expect(result.errors == "")
    let hash = (shown["infoHash"] as? [String: Any])?["v1"] as? String ?? "none"
    #expect(result.text == "magnet:?xt=urn:btih:\(hash)&dn=data&xl=28&tr=http%3A%2F%2Ft%2Fannounce\n")
    #expect(shown["magnet"] as? String == result.text.trimmingCharacters(in: .newlines))
  }

  @Test func withPeersAndFiles() throws {
    try make()
    let result = shell.run(
      "magnet", "x.torrent", "--peer", "192.0.2.7:6881", "-p", "[::1]:1", "--select", "*.txt", "--select",
      "none")
    #expect(result.code == .done)
    #expect(result.text.hasSuffix("&x.pe=192.0.2.7:6881&x.pe=[::1]:1&so=0,2-3\n"))
    #expect(result.errors.contains("no file of 'data' matches 'none'"))
    #expect(shell.run("magnet", "x.torrent", "--select", "none").code == .usage)
    #expect(shell.run("magnet", "x.torrent", "--peer", "::1:5").code == .usage)
    #expect(shell.run("magnet", "x.torrent", "--select", "[a").code == .usage)
  }

  @Test func asJSON() throws {
    try make()
    let json = try shell.run("magnet", "x.torrent", "--json", "--peer", "a:1", "--select", "docs").json
    #expect(json["torrent"] as? String == "x.torrent")
    #expect((json["magnet"] as? String)?.hasSuffix("&x.pe=a:1&so=2-3") == true)
    #expect(json["name"] as? String == "data")
    #expect(json["totalLength"] as? Int == 28)
    #expect(json["trackers"] as? [String] == ["http://t/announce"])
    #expect(json["peers"] as? [String] == ["a:1"])
    #expect(json["selection"] as? [[Int]] == [[2, 3]])
    #expect((json["infoHash"] as? [String: Any])?["v2"] is NSNull)
  }

  @Test func ofAPrivateTorrentWithARemark() throws {
    try make("--private")
    let result = shell.run("magnet", "x.torrent")
    #expect(result.code == .done)
    #expect(result.errors.contains("private"))
    #expect(result.text.hasPrefix("magnet:?"))
  }

  @Test func whatIsNotATorrent() throws {
    try shell.write("hello", to: "text")
    let result = shell.run("magnet", "text")
    #expect(result.code == .malformed)
    expectOneError(result)
    #expect(shell.run("magnet", "missing").code == .disk)
  }
}
