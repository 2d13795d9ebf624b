import Metainfo
import Testing

@Suite struct LintTests {
  /// A subject with nothing to be found, to be changed by each test.
  private func subject(_ paths: [[String]] = [["a.txt"], ["b", "c.txt"]], length: Int = 1) throws
    -> LintSubject
  {
    var offset = 0
    var files: [FileEntry] = []
    for path in paths {
      files.append(FileEntry(path: try #require(TorrentPath(path)), length: length, offset: offset))
      offset += length
    }
    let layout = FileLayout(files: files)
    return LintSubject(
      name: try #require(TorrentPath(["data"])), layout: layout,
      geometry: try #require(PieceGeometry(totalLength: layout.totalLength, pieceLength: 16384)),
      isSingleFile: false, announce: AnnounceTiers([["http://tracker.example/announce"]]))
  }

  private func lints(_ subject: LintSubject) -> Set<Lint> { Set(subject.findings().map(\.lint)) }

  @Test("an ordinary torrent has no findings")
  func ordinary() throws { #expect(try subject().findings() == []) }

  @Test("every lint has a name of its own in kebab case, and a sentence")
  func names() {
    for lint in Lint.allCases {
      #expect(lint.rawValue.utf8.allSatisfy { ($0 >= 97 && $0 <= 122) || $0 == 45 }, "\(lint)")
      #expect(lint.sentence.hasSuffix("."), "\(lint)")
    }
    #expect(Set(Lint.allCases.map(\.sentence)).count == Lint.allCases.count)
  }

  @Test("2^21 pieces are an error, one less is a warning about their size")
  func pieceCount() throws {
    var subject = try subject()
    for (count, expected) in [
      (1 << 21, Lint.tooManyPieces), ((1 << 21) - 1, .smallPieceLength), (20_001, .smallPieceLength),
    ] {
      let total = count * 16384
      subject.layout = FileLayout(files: [
        FileEntry(path: try #require(TorrentPath(["a"])), length: total, offset: 0)
      ])
      subject.geometry = try #require(PieceGeometry(totalLength: total, pieceLength: 16384))
      #expect(lints(subject) == [expected])
    }
    #expect(Lint.tooManyPieces.severity == .error)
    subject.geometry = try #require(PieceGeometry(totalLength: 20_000 * 16384, pieceLength: 16384))
    #expect(lints(subject) == [])
  }

  @Test(
    "unusual piece lengths",
    arguments: [
      (16384, []), (8192, [.smallPieceLength]), (20_000, [.unevenPieceLength]), (16 << 20, []),
      (32 << 20, [.largePieceLength]), (1, [.smallPieceLength]),
    ] as [(Int, Set<Lint>)])
  func pieceLength(length: Int, expected: Set<Lint>) throws {
    var subject = try subject()
    subject.geometry = try #require(PieceGeometry(totalLength: 2, pieceLength: length))
    #expect(lints(subject) == expected)
  }

  @Test("a .torrent above 10 MB is an error")
  func torrentLength() throws {
    var subject = try subject()
    subject.torrentLength = 10_000_000
    #expect(lints(subject) == [])
    subject.torrentLength = 10_000_001
    #expect(lints(subject) == [.torrentTooLarge])
    #expect(Lint.torrentTooLarge.severity == .error)
  }

  @Test("content that is empty or largely padding")
  func content() throws {
    #expect(try lints(subject(length: 0)) == [.emptyContent])
    var padded = try subject()
    padded.layout = FileLayout(files: [
      FileEntry(path: try #require(TorrentPath(["a"])), length: 12_288, offset: 0),
      FileEntry(
        path: try #require(TorrentPath([".pad", "4096"])), length: 4096, offset: 12_288, isPadding: true),
    ])
    #expect(lints(padded) == [.muchPadding])
  }

  @Test("torrents without a tracker, private or not")
  func trackerless() throws {
    let node = try #require(BootstrapNode(host: "node.example", port: 6881))
    var subject = try subject()
    subject.announce = AnnounceTiers()
    #expect(lints(subject) == [.noTracker])
    subject.nodes = [node]
    #expect(lints(subject) == [])
    subject.isPrivate = true
    #expect(lints(subject) == [.privateWithoutTracker, .privateWithNodes])
    subject.announce = AnnounceTiers([["http://t/"]])
    #expect(lints(subject) == [.privateWithNodes])
  }

  @Test(
    "M11 trackers that can't be used are named with the reason",
    arguments: [
      ("http://tracker.example/announce", []), ("HTTPS://tracker.example:443/a?b=c", []),
      ("udp://[2001:db8::1]:6969/announce", []), ("http://[::1]/announce", []),
      ("file:///etc/passwd", [.trackerURL]), ("announce", [.trackerURL]), ("", [.trackerURL]),
      ("http://", [.trackerURL]), ("http:tracker", [.trackerURL]), ("udp://h:99999", [.trackerURL]),
      ("udp://h:0", [.trackerURL]), ("udp://h:1x", [.trackerURL]), ("http://2001:db8::1/", [.trackerURL]),
      ("http://a b/", [.trackerURL]), ("dht://tracker", [.trackerURL]),
      ("http://" + String(repeating: "a", count: 100_000), [.trackerURL]),
      ("http://user:pw@tracker.example/", [.trackerPassword]),
      ("http://user@tracker.example/", [.trackerPassword]),
      ("http://tracker.example/a@b", []), ("wss://tracker.example/", [.websocketTracker]),
    ] as [(String, Set<Lint>)])
  func trackers(url: String, expected: Set<Lint>) throws {
    var subject = try subject()
    subject.announce = AnnounceTiers([[url]])
    let findings = subject.findings()
    #expect(Set(findings.map(\.lint)) == expected)
    for finding in findings {
      #expect(!finding.message.contains("pw"))
      #expect(finding.message.utf8.count < 500)
    }
  }

  @Test("a tracker that is listed twice")
  func duplicateTracker() throws {
    var subject = try subject()
    subject.announce = AnnounceTiers([["http://a/"], ["http://b/", "http://a/"]])
    #expect(lints(subject) == [.duplicateTracker])
  }

  @Test("web seeds that can't be used, or lack the slash that several files need")
  func webSeeds() throws {
    var subject = try subject()
    subject.webSeeds = ["http://seed.example/files/", "ftp://seed.example/"]
    #expect(lints(subject) == [])
    subject.webSeeds = ["http://seed.example/files"]
    #expect(lints(subject) == [.webSeedURL])
    subject.isSingleFile = true
    #expect(lints(subject) == [])
    subject.webSeeds = ["udp://seed.example/"]
    #expect(lints(subject) == [.webSeedURL])
  }

  @Test("of one lint ten findings are kept, and the number of the others")
  func bounded() throws {
    let findings = try subject((0..<25).map { ["CON.\($0)"] }).findings()
    #expect(findings.count == 11)
    #expect(findings.last?.message == "and 15 more")
  }
}
