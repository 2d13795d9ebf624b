import Testing

@testable import torrentctl

@Suite struct DiffTests {
  let shell: Shell

  init() throws {
    shell = try Shell()
    try shell.write([UInt8](repeating: 1, count: 40_000), to: "data/a.bin")
    try shell.write("hello", to: "data/b.txt")
  }

  private func create(_ name: String, _ options: String...) {
    let made = shell.run(arguments: ["create", "data", "-o", name, "--no-date"] + options)
    #expect(made.code == .done, "\(made.errors)")
  }

  @Test("torrents that are the same are exit code 0 and not a word")
  func same() throws {
    create("a.torrent")
    create("b.torrent")
    let result = shell.run("diff", "a.torrent", "b.torrent")
    #expect(result.code == .done)
    #expect(result.text == "" && result.errors == "")
    let json = try shell.run("diff", "a.torrent", "b.torrent", "--json").json
    #expect(json["same"] as? Bool == true)
  }

  @Test("differences are exit code 1 and no error, whether hashed or not")
  func different() throws {
    create("a.torrent", "--comment", "old")
    create("b.torrent", "--comment", "new")
    let outer = shell.run("diff", "a.torrent", "b.torrent")
    #expect(outer.code == .no)
    #expect(outer.errors == "")
    #expect(outer.text.contains("info-hash  the same\n"))
    #expect(outer.text.contains("comment: \"old\" → \"new\"  (not hashed)\n"))
    #expect(outer.text.contains("data: 100.0% of 39.1 KiB is identical\n"))

    try shell.write("hello!", to: "data/b.txt")
    create("c.torrent", "--comment", "old", "--source", "S")
    let inner = shell.run("diff", "a.torrent", "c.torrent")
    #expect(inner.code == .no)
    #expect(inner.text.contains("info-hash  differs\n"))
    #expect(inner.text.contains("info.source: \"S\"  (hashed)\n"))
    #expect(inner.text.contains("file changed  b.txt  5 B → 6 B"))
    #expect(shell.run("diff", "-q", "a.torrent", "c.torrent").text == "")
  }

  @Test("the document of --json")
  func document() throws {
    create("a.torrent", "--format", "v2")
    try shell.write("hello!", to: "data/b.txt")
    try shell.write([UInt8](repeating: 2, count: 20_000), to: "data/c.bin")
    create("b.torrent", "--format", "v2")
    let json = try shell.run("diff", "a.torrent", "b.torrent", "--json").json
    #expect(json["same"] as? Bool == false)
    let files = try #require(json["files"] as? [[String: Any]])
    #expect(files.map { $0["change"] as? String } == ["changed", "added"])
    #expect(files.map { $0["b"] as? [String] } == [["b.txt"], ["c.bin"]])
    #expect(files.map { $0["lengthA"] as? Int } == [5, nil])
    let data = try #require(json["data"] as? [String: Any])
    #expect(data["comparable"] as? Bool == true)
    #expect(data["identicalBytes"] as? Int == 40_000)
    #expect(data["totalB"] as? Int == 60_006)
    let keys = try #require(json["keys"] as? [[String: Any]])
    #expect(
      keys.contains { $0["key"] as? [String] == ["info", "file tree"] && $0["hashed"] as? Bool == true })
  }

  @Test("trouble is neither 0 nor 1")
  func trouble() throws {
    create("a.torrent")
    try shell.write("hello", to: "text")
    #expect(shell.run("diff", "a.torrent").code == .usage)
    #expect(shell.run("diff", "a.torrent", "a.torrent", "a.torrent").code == .usage)
    #expect(shell.run("diff", "-", "-").code == .usage)
    #expect(shell.run("diff", "a.torrent", "text").code == .malformed)
    #expect(shell.run("diff", "missing", "a.torrent").code == .disk)
    #expect(shell.run("diff", "a.torrent", "a.torrent", closingOutputWith: .noSpace).code == .done)
  }

  @Test("M08 and M11: names are escaped and passwords left out")
  func hostile() throws {
    func torrent(_ name: String, _ tracker: String) -> String {
      "d8:announce\(tracker.utf8.count):\(tracker)4:infod6:lengthi1e4:name\(name.utf8.count):\(name)"
        + "12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaaee"
    }
    try shell.write(torrent("a\u{1B}[2J\u{202E}", "http://user:pw@a/"), to: "a.torrent")
    try shell.write(torrent("b\u{9B}\n", "http://b/"), to: "b.torrent")
    let result = shell.run("diff", "a.torrent", "b.torrent")
    #expect(result.code == .no)
    #expect(!result.text.contains("pw"))
    for scalar in result.text.unicodeScalars where scalar != "\n" {
      #expect(![.control, .format].contains(scalar.properties.generalCategory))
    }
  }
}
