import Metainfo
import TestKit
import Testing

@Suite struct NameLintTests {
  private func findings(_ paths: [[String]], name: String = "data") throws -> [LintFinding] {
    let files = try paths.enumerated().map { index, path in
      FileEntry(path: try #require(TorrentPath(path)), length: 1, offset: index)
    }
    let layout = FileLayout(files: files)
    return LintSubject(
      name: try #require(TorrentPath([name])), layout: layout,
      geometry: try #require(PieceGeometry(totalLength: layout.totalLength, pieceLength: 16384)),
      isSingleFile: false, announce: AnnounceTiers([["http://tracker.example/announce"]])
    ).findings()
  }

  private func lints(_ paths: [[String]]) throws -> [Lint] { try findings(paths).map(\.lint) }

  @Test(
    "M06 names that Windows refuses",
    arguments: [
      "CON", "con", "nul.txt", "Aux", "PRN.tar.gz", "COM1", "lpt9.x", "com²", "CON .txt", "CONOUT$", "a.",
      "a ",
      "a<b", "a>b", "a:b", "say \"hi\"", "a|b", "why?", "*", "a\\b",
    ])
  func windows(name: String) throws {
    #expect(try lints([[name]]).contains(.windowsName))
    #expect(try lints([["folder", name, "file"]]).contains(.windowsName))
  }

  @Test(
    "names that are fine everywhere",
    arguments: [
      "CONSOLE", "com", "COM10", "lpt", "nulls", "a.b.c", "größe", "日本語", " a", "a\u{200D}b", "👩‍👩‍👧", "+,;=[]",
    ])
  func harmless(name: String) throws { #expect(try lints([[name]]) == []) }

  @Test("M06 names that differ in case alone, found once for a folder with many files")
  func caseCollisions() throws {
    #expect(try lints([["A"], ["a"]]) == [.caseCollision])
    #expect(try lints([["x", "README"], ["x", "readme"]]) == [.caseCollision])
    #expect(try lints([["x", "README"], ["y", "readme"]]) == [])
    #expect(try lints([["STRASSE"], ["straße"]]) == [.caseCollision])
    #expect(try lints([["ΣΊΣΥΦΟΣ"], ["σίσυφος"]]) == [.caseCollision])
    let folders = try findings([
      ["Photos", "1"], ["Photos", "2"], ["photos", "1"], ["photos", "2"], ["other"], ["photos", "3"],
    ])
    #expect(folders.map(\.message) == ["photos: differs from Photos in case alone"])
  }

  @Test("M06 a file and a folder that differ in case alone")
  func fileAndFolder() throws {
    #expect(try lints([["a"], ["A", "b"]]) == [.caseCollision])
    #expect(try lints([["A", "b"], ["a"]]) == [.caseCollision])
  }

  @Test("M06 names that differ in their Unicode normalisation alone")
  func normalization() throws {
    #expect(try lints([["caf\u{E9}"], ["cafe\u{301}"]]) == [.normalizationCollision])
    #expect(try lints([["caf\u{E9}"], ["CAFE\u{301}"]]) == [.caseCollision])
    #expect(try lints([["caf\u{E9}", "a"], ["cafe\u{301}", "b"]]) == [.normalizationCollision])
    #expect(try lints([["caf\u{E9}"], ["cafe"]]) == [])
  }

  @Test("M08 control, direction and invisible characters are named, and not repeated")
  func characters() throws {
    #expect(try lints([["a\u{1B}[31m"]]).contains(.controlCharacter))
    #expect(try lints([["a\u{9B}2J"]]) == [.controlCharacter])
    #expect(try lints([["a\u{2028}b"]]) == [.controlCharacter])
    #expect(try lints([["\u{202E}gpj.exe"]]) == [.bidiCharacter])
    #expect(try lints([["a\u{200B}b"]]) == [.invisibleCharacter])
    for name in ["\u{1B}\r\n\u{7F}", "\u{202E}\u{2066}x", "\u{FEFF}x"] {
      for finding in try findings([[name]], name: name) {
        #expect(
          finding.message.unicodeScalars.allSatisfy {
            ![.control, .format].contains($0.properties.generalCategory)
          })
      }
    }
  }

  @Test("M05 names that look absolute stay what they are and are named")
  func absolute() throws {
    #expect(try lints([["~"]]) == [.absoluteName])
    #expect(try lints([["C:\\x"]]).contains(.absoluteName))
    #expect(try lints([["\\\\server\\share"]]).contains(.absoluteName))
  }

  @Test("names and paths near the limits of file systems")
  func lengths() throws {
    let name = String(repeating: "n", count: 245)
    #expect(try lints([[name]]) == [])
    #expect(try lints([[name + "n"]]) == [.longName])
    // "data/" comes on top.
    #expect(try lints([[String(repeating: "a", count: 125), String(repeating: "b", count: 124)]]) == [])
    #expect(
      try lints([[String(repeating: "a", count: 125), String(repeating: "b", count: 125)]]) == [.longPath])
  }

  @Test("hidden and junk files")
  func junk() throws {
    #expect(try lints([[".git", "config"], [".git", "head"]]) == [.hiddenFile])
    #expect(try lints([["a", "Thumbs.db"]]) == [.junkFile])
  }

  @Test("the torrent's own name counts, once for a single file")
  func ownName() throws {
    #expect(try findings([["a"]], name: "NUL").map(\.message) == ["NUL: Windows reserves this name"])
    let path = try #require(TorrentPath(["NUL"]))
    let single = LintSubject(
      name: path, layout: FileLayout(files: [FileEntry(path: path, length: 1, offset: 0)]),
      geometry: try #require(PieceGeometry(totalLength: 1, pieceLength: 16384)), isSingleFile: true,
      announce: AnnounceTiers([["http://tracker.example/announce"]]))
    #expect(single.findings().map(\.lint) == [.windowsName])
  }

  @Test("a random tree has a collision exactly where comparing all names with each other finds one")
  func random() throws {
    let seed = UInt64.random(in: 0 ... .max)
    var generator = SeededGenerator(seed: seed)
    let alphabet = ["a", "A", "b", "B", "\u{E9}", "e\u{301}", "\u{C9}"]
    for _ in 0..<300 {
      var paths: Set<TorrentPath> = []
      for _ in 0..<Int.random(in: 1...5, using: &generator) {
        let depth = Int.random(in: 1...3, using: &generator)
        let path = (0..<depth).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] }
        paths.insert(try #require(TorrentPath(path)))
      }
      let components = paths.map(\.components)
      let collide = components.contains { a in components.contains { collides(a, $0) } }
      #expect(try findings(components).isEmpty == !collide, "seed \(seed): \(components)")
    }
  }

  /// Whether two paths have names of different bytes in what is one folder, if case and normalisation count for
  /// nothing, and these names are one as well.
  private func collides(_ a: [String], _ b: [String]) -> Bool {
    for (x, y) in zip(a, b) {
      guard x.uppercased().lowercased() == y.uppercased().lowercased() else { return false }
      if !x.utf8.elementsEqual(y.utf8) { return true }
    }
    return false
  }
}
