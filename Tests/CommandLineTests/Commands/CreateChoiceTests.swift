import Foundation
import Metainfo
import Testing

@testable import torrentctl

@Suite("What create takes, and what it warns of")
struct CreateChoiceTests {
  let shell: Shell

  init() throws {
    shell = try Shell()
    for name in ["a.txt", "b.flac", "bonus/c.flac", "bonus/d.txt", ".hidden.flac"] {
      try shell.write(String(repeating: "x", count: 20_000 + name.utf8.count), to: "data/" + name)
    }
  }

  /// The paths of the files that a dry run reports.
  private func paths(_ result: Shell.Result) throws -> [String] {
    let files = try result.json["files"] as? [[String: Any]] ?? []
    return files.compactMap { ($0["path"] as? [String])?.joined(separator: "/") }
  }

  @Test(
    "patterns count in the order in which they stand",
    arguments: [
      ([], ["a.txt", "b.flac", "bonus/c.flac", "bonus/d.txt"]),
      (["--exclude", "*.txt"], ["b.flac", "bonus/c.flac"]),
      (["--include", "*.flac"], ["b.flac", "bonus/c.flac"]),
      (["--include", "*.flac", "--hidden"], [".hidden.flac", "b.flac", "bonus/c.flac"]),
      (["--include", "*.flac", "--exclude", "bonus/"], ["b.flac"]),
      (["--exclude", "bonus/", "--include=*.flac"], ["a.txt", "b.flac", "bonus/c.flac"]),
      (["--exclude", "*", "--include", "/*.txt", "--include", "c.*"], ["a.txt", "bonus/c.flac"]),
    ] as [([String], [String])])
  func patterns(options: [String], expected: [String]) throws {
    let result = shell.run(arguments: ["create", "data", "--dry-run", "--json"] + options)
    #expect(result.code == .done)
    #expect(try paths(result) == expected)
    #expect(try result.json["fileCount"] as? Int == expected.count)
    #expect(try shell.list() == ["data"])
  }

  @Test("a dry run says what is then made, and makes nothing")
  func dryRun() throws {
    let options = [
      "create", "data", "--no-date", "-a", "http://t/announce", "--web-seed", "http://w/", "--node",
      "[::1]:6881",
      "--node", "dht.example:1", "--order", "size", "--padding", "--json",
    ]
    let plan = shell.run(arguments: options + ["--dry-run"])
    #expect(plan.code == .done)
    #expect(try shell.list() == ["data"])
    let made = shell.run(arguments: options)
    #expect(made.code == .done)
    let bytes = try shell.read("data.torrent")
    let (planned, done) = (try plan.json, try made.json)
    #expect(planned["torrentLength"] as? Int == bytes.count)
    #expect(planned["dryRun"] as? Bool == true)
    #expect(planned["magnet"] as? NSNull == NSNull())
    for key in ["torrent", "name", "format", "pieceLength", "pieceCount", "fileCount"] {
      #expect(planned[key] as? NSObject == done[key] as? NSObject, "\(key)")
    }
    let torrent = try Torrent(decoding: bytes)
    #expect(try paths(plan) == torrent.info.files.filter { !$0.isPadding }.map(\.path.description))
    #expect(try paths(plan).first == "bonus/c.flac")
    #expect(torrent.info.files.filter(\.isPadding).count > 1)
    #expect(torrent.webSeeds == ["http://w/"])
    #expect(torrent.nodes.map(\.host) == ["::1", "dht.example"])
    #expect(torrent.nodes.map(\.port) == [6881, 1])
    let text = shell.run("create", "data", "-n", "-o", "-", isTerminal: true)
    #expect(text.code == .done)
    #expect(text.text.contains("bonus/c.flac"))
  }

  @Test("a lint warns, unless it is allowed; of those that are errors nothing is made")
  func lints() throws {
    let warned = shell.run("create", "data", "--private", "--json", "-o", "1")
    #expect(warned.code == .done)
    #expect(warned.errors.contains("torrentctl: warning: private and without a tracker"))
    #expect(warned.errors.contains("[private-without-tracker]\n"))
    let remarks = try #require(try warned.json["warnings"] as? [String])
    #expect(remarks.contains { $0.hasSuffix("[private-without-tracker]") })
    let silent = shell.run(
      "create", "data", "--private", "--hidden", "--allow", "no-tracker,private-without-tracker", "--allow",
      "hidden-file", "--json", "-o", "2")
    #expect(silent.errors == "")
    #expect(try silent.json["warnings"] as? [String] == [])

    // A sparse file of 600,000 pieces: 12 MB of digests.
    try shell.write("", to: "big")
    #expect(truncate(shell.path("big"), 600_000 << 14) == 0)
    let refused = shell.run("create", "big", "--piece-length", "16KiB")
    #expect(refused.code == .usage)
    #expect(refused.errors.contains("--allow torrent-too-large"))
    let planned = shell.run("create", "big", "--piece-length", "16KiB", "--dry-run", "--json")
    #expect(planned.code == .usage)
    let length = try #require(try planned.json["torrentLength"] as? Int)
    #expect(length > 12_000_000)
    let allowed = shell.run(
      "create", "big", "--piece-length", "16KiB", "--dry-run", "--allow", "torrent-too-large")
    #expect(allowed.code == .done)
    #expect(!shell.exists("big.torrent"))
  }

  /// What is not left out is published.
  @Test("a pattern that matches nothing is told of")
  func idlePatterns() throws {
    let options = [
      "--exclude", "*.{nfo,txt}", "--exclude", "bonus/", "--include", "*.flac", "--include", "x",
    ]
    let made = shell.run(arguments: ["create", "data", "--dry-run"] + options)
    #expect(made.errors.contains("warning: --exclude '*.{nfo,txt}' matches nothing\n"))
    #expect(made.errors.contains("warning: --include 'x' matches nothing\n"))
    #expect(made.errors.split(separator: "\n").count { $0.contains("matches nothing") } == 2)
    let json = try shell.run(arguments: ["create", "data", "--dry-run", "--json"] + options).json
    #expect((json["warnings"] as? [String])?.contains("--include 'x' matches nothing") == true)
  }

  @Test("quiet, nothing is said but errors")
  func quiet() throws {
    let made = shell.run("create", "data", "--private", "-q", isTerminal: true)
    #expect(made.code == .done)
    #expect(made.text == "" && made.errors == "")
    #expect(shell.exists("data.torrent"))
    expectOneError(shell.run("create", "data", "--private", "-q"))
  }

  @Test("what these options can't mean")
  func refusals() throws {
    for (options, hint) in [
      (["--allow", "no-trackr"], "did you mean no-tracker?"), (["--allow", "zzz"], "in brackets"),
      (["--include", "["], "has a '['"), (["--exclude", ""], "is empty"),
      (["--order", "date"], "path, size"),
      (["--node", "host"], "HOST:PORT"), (["--node", "host:0"], "HOST:PORT"),
      (["--web-seed", "files.example"], "is not a URL"), (["--web-seed", "http://w/a b"], "is not a URL"),
      (["--announce", ""], "is not a URL"), (["-a", ","], "is not a URL"),
      (["-a", "http://t/a,"], "is not a URL"),
      (["--piece-length", "256MiB"], "16KiB to 128MiB"),
    ] {
      let result = shell.run(arguments: ["create", "data"] + options)
      #expect(result.code == .usage, "\(options)")
      expectOneError(result)
      #expect(result.errors.contains(hint), "\(result.errors)")
    }
    #expect(try shell.list() == ["data"])
  }
}
