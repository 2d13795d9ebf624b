import Bencode
import Foundation
import Testing

@testable import torrentctl

/// What `show` makes of torrents that are large, odd, or not torrents but links.
@Suite struct ShowPageTests {
  let shell: Shell

  init() throws { shell = try Shell() }

  /// Writes a .torrent of files with these lengths, in pieces of 16 KiB that nobody will check.
  private func write(
    _ files: [(path: String, length: Int)], _ fields: [String: BencodeValue] = [:],
    info extra: [String: BencodeValue] = [:]
  ) throws {
    let total = files.reduce(0) { $0 + $1.length }
    let info: [String: BencodeValue] = [
      "name": "data", "piece length": 16384,
      "pieces": .string([UInt8](repeating: 7, count: (total + 16383) / 16384 * 20)),
      "files": .list(
        files.map { file in
          [
            "length": .integer(Int64(file.length)),
            "path": .list(file.path.split(separator: "/").map { .text(String($0)) }),
          ]
        }),
    ]
    let all = fields.merging(["info": value(info.merging(extra) { $1 })]) { $1 }
    try shell.write(value(all).encoded(), to: "x.torrent")
  }

  private func value(_ entries: [String: BencodeValue]) -> BencodeValue {
    .dictionary(Dictionary(uniqueKeysWithValues: entries.map { (Array($0.utf8), $1) }))
  }

  private func page(_ options: String..., isTerminal: Bool = false) -> String {
    shell.run(
      arguments: ["show", "x.torrent"] + options, environment: ["LANG": "C.UTF-8", "NO_COLOR": "1"],
      isTerminal: isTerminal
    ).text
  }

  @Test("files are drawn as a tree, with the sizes of folders, in the order of the torrent")
  func tree() throws {
    try write([("b/one", 1024), ("a.txt", 5), ("b/c/two", 2048), ("d/three", 0)])
    #expect(
      page().hasSuffix(
        """

           3.0 KiB  data/
           3.0 KiB  ├── b/
           1.0 KiB  │   ├── one
           2.0 KiB  │   └── c/
           2.0 KiB  │       └── two
               5 B  ├── a.txt
               0 B  └── d/
               0 B      └── three

        """))
    let plain = shell.run(arguments: ["show", "x.torrent"], environment: ["LANG": "C"]).text
    #expect(plain.contains("|   `-- c/\n"))
    #expect(plain.utf8.allSatisfy { $0 < 0x80 })
  }

  @Test("--files is a line for each file, to be cut and sorted")
  func files() throws {
    try write([("b/one", 1024), ("a\tb.txt", 5)])
    #expect(page("--files") == "1024\tdata/b/one\n5\tdata/a\\tb.txt\n")
    #expect(shell.run("show", "x.torrent", "--files", "--json").code == .usage)
  }

  @Test("a large tree is cut on a terminal, from below, and whole in a pipe and with --all")
  func bounded() throws {
    var files = (0..<20).flatMap { folder in (0..<30).map { (path: "folder\(folder)/file\($0)", length: 1) } }
    files.append((path: "small/file", length: 1))
    try write(files)
    let cut = page(isTerminal: true)
    #expect(cut.split(separator: "\n").count < 90)
    for folder in 0..<20 { #expect(cut.contains(" folder\(folder)/"), "\(folder)") }
    #expect(cut.contains("folder19/  (30 files)\n"))
    #expect(cut.contains("--all"))
    for whole in [page(), page("--all", isTerminal: true)] {
      #expect(whole.components(separatedBy: "── file").count - 1 == 601)
      #expect(!whole.contains("--all"))
    }
  }

  @Test("a folder that doesn't fit is cut with the number and size of the rest")
  func cutFolder() throws {
    try write((0..<1000).map { (path: "file\($0)", length: 1024) })
    #expect(page(isTerminal: true).contains(" 940.0 KiB  └── … 940 more files\n"))
  }

  @Test("pad files are counted and not drawn")
  func padding() throws {
    try write(
      [],
      info: [
        "files": [
          ["length": 100, "path": ["a"]], ["attr": "p", "length": 16284, "path": [".pad", "16284"]],
          ["length": 5, "path": ["b"]],
        ],
        "pieces": .string([UInt8](repeating: 7, count: 40)),
      ])
    #expect(page().contains("2, and 1 pad file of 15.9 KiB (16284 bytes)\n"))
    #expect(!page().contains(".pad"))
    let json = try shell.run("show", "x.torrent", "--json").json
    #expect(json["fileCount"] as? Int == 2)
    #expect(json["totalLength"] as? Int == 105)
    #expect((json["files"] as? [[String: Any]])?.map { $0["offset"] as? Int } == [0, 16384])
  }

  @Test("M06 names that other systems refuse are kept, and each is listed")
  func portability() throws {
    try write(
      [
        ("CON", 1), ("nul.txt", 1), ("a.", 1), ("b ", 1), ("Caf\u{E9}", 1), ("Cafe\u{301}", 1), ("X", 1),
        ("x/y", 1),
      ], ["announce": "http://t/"])
    for result in [page(), page("--json")] {
      for warning in [
        "CON: Windows reserves this name [windows-name]",
        "nul.txt: Windows reserves this name [windows-name]",
        "a.: Windows drops the dot at the end [windows-name]",
        "b : Windows drops the space at the end [windows-name]", "[normalization-collision]",
        "x: differs from X in case alone [case-collision]",
      ] { #expect(result.contains(warning), "\(warning)") }
    }
    #expect(page("--files").contains("1\tdata/CON\n1\tdata/nul.txt\n1\tdata/a.\n1\tdata/b \n"))
  }

  @Test("M11 trackers that can't be used are warned of, and passwords are not on the page")
  func trackers() throws {
    let long = "http://t/" + String(repeating: "a", count: 100_000)
    try write(
      [("a", 1)],
      [
        "announce-list": [
          ["file:///etc/passwd", "http://user:secret@tracker.example/a"], [.text(long)], ["\tudp://h:99999"],
          ["wss://t/"],
        ]
      ])
    let page = page()
    #expect(page.contains("tier 1  http://tracker.example/a\n"))
    #expect(!page.contains("secret"))
    #expect(page.contains("[tracker-password]"))
    #expect(page.contains("file:///etc/passwd: no client speaks file here [tracker-url]"))
    #expect(page.contains("udp://h:99999: no such port [tracker-url]"))
    #expect(page.contains("[websocket-tracker]"))
    #expect(page.utf8.count < 5000)
    let json = try shell.run("show", "x.torrent", "--json").json
    #expect((json["trackers"] as? [[String]])?.map(\.count) == [2, 1, 1, 1])
  }

  @Test("B02 what is not canonical is warned of, and refused with --strict")
  func strict() throws {
    try write([("a", 1)], ["announce": "http://t/"])
    try shell.write(try shell.read("x.torrent") + [0], to: "x.torrent")
    #expect(page().contains("warnings   bytes after the end at byte "))
    #expect(shell.run("show", "x.torrent", "--strict").code == .malformed)
    try write([("a", 1)])
    #expect(shell.run("show", "x.torrent", "--strict").code == .done)
  }

  @Test("dates are readable, and comments keep their lines")
  func texts() throws {
    try write(
      [("a", 1)], ["comment": "one\r\ntwo\u{1B}[2J", "creation date": 1_700_000_000, "created by": "me"])
    #expect(page().contains("created     2023-11-14 22:13:20 UTC\n"))
    #expect(page().contains("comment     one\n            two\\u{1B}[2J\n"))
  }

  @Test("a magnet link is shown with the fields of a torrent, what it doesn't say being null")
  func magnet() throws {
    let hash = String(repeating: "cd", count: 20)
    let link =
      "magnet:?xt=urn:btih:\(hash)&dn=fi%1Blm&xl=1048576&tr=http%3A%2F%2Fu%3Apw%40t%2F&x.pe=192.0.2.7:1&so=0,2-4"
    try shell.write(link + "\n", to: "link.magnet")
    for operand in [link, "link.magnet", "MAGNET" + link.dropFirst(6)] {
      let page = shell.run("show", operand)
      #expect(page.code == .done, "\(page.errors)")
      #expect(
        page.text.contains("fi\\u{1B}lm\n") && page.text.contains(hash) && page.text.contains("1.0 MiB"))
      #expect(page.text.contains("http://t/\n") && !page.text.contains("pw"))
      #expect(page.text.contains("number 0, 2-4\n"))
    }
    let json = try shell.run("show", link, "--json").json
    #expect(json["name"] as? String == "fi\u{1B}lm")
    #expect((json["infoHash"] as? [String: Any])?["v1"] as? String == hash)
    #expect(json["totalLength"] as? Int == 1_048_576)
    #expect(json["trackers"] as? [[String]] == [["http://u:pw@t/"]])
    try write([("a", 1)])
    let torrent = try shell.run("show", "x.torrent", "--json").json
    #expect(Set(torrent.keys).isSubset(of: Set(json.keys)))
    for key in ["pieceLength", "files", "private", "creationDate"] { #expect(json[key] is NSNull, "\(key)") }
    #expect(shell.run("show", "magnet:?dn=x").code == .malformed)
    #expect(shell.run("show", link, "--files").code == .usage)
  }

  @Test("every fixture is shown in every form, with the same files")
  func fixtures() throws {
    let folder = URL(filePath: #filePath).appending(path: "../../../../Fixtures").standardized
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
      $0.hasSuffix(".torrent")
    }
    #expect(names.count >= 15)
    for name in names {
      let path = folder.path + "/" + name
      let page = shell.run(arguments: ["show", path], environment: ["LANG": "C.UTF-8"])
      let list = shell.run("show", path, "--files").text.split(separator: "\n")
      let json = try shell.run("show", path, "--json").json
      #expect(page.code == .done, "\(name)")
      #expect(json["fileCount"] as? Int == list.count)
      let lengths = (json["files"] as? [[String: Any]])?.compactMap { $0["length"] as? Int } ?? []
      #expect(lengths.map(String.init) == list.map { $0.split(separator: "\t").first.map(String.init) })
      #expect(json["totalLength"] as? Int == lengths.reduce(0, +))
      if list.count > 1 { #expect(page.text.components(separatedBy: "── ").count - 1 >= list.count) }
      #expect(
        json["format"] as? String == (name.contains("hybrid") ? "hybrid" : name.contains("-v2") ? "v2" : "v1")
      )
    }
  }
}
