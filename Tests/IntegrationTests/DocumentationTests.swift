import Foundation
import Metainfo
import TestKit
import Testing

/// The documentation's examples are code that compiles, and does what it says.
@Suite struct DocumentationTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../..").standardized

  @Test(
    "Each library's page begins with an example that is compiled here",
    arguments: ["Bencode", "Metainfo", "Transfer"])
  func pages(library: String) throws {
    let page = try Self.text("Sources/\(library)/\(library).docc/\(library).md")
    let shown = try #require(page.components(separatedBy: "```swift\n").dropFirst().first)
      .components(separatedBy: "```")[0]
    let source = try Self.text("Tests/IntegrationTests/DocumentationExamples.swift")
    let compiled = try #require(source.components(separatedBy: "// example: \(library)\n").dropFirst().first)
      .components(separatedBy: "    // end")[0]
    let lines = compiled.components(separatedBy: "\n").map {
      $0.hasPrefix("    ") ? String($0.dropFirst(4)) : $0
    }
    #expect(lines.joined(separator: "\n") == shown)
  }

  @Test("README's program is the compiled example, and its package is one that Swift accepts")
  func readme() async throws {
    let readme = try Self.text("README.md")
    let blocks = readme.components(separatedBy: "```swift\n").dropFirst().map {
      $0.components(separatedBy: "```")[0]
    }
    let manifest = try #require(blocks.first { $0.hasPrefix("// swift-tools-version") })
    let program = try #require(blocks.first { $0.contains("import Transfer\n") })
    let page = try Self.text("Sources/Transfer/Transfer.docc/Transfer.md")
    let example = try #require(page.components(separatedBy: "```swift\n").dropFirst().first)
      .components(separatedBy: "```")[0]
    #expect(
      program == "import Metainfo\nimport Transfer\n\n"
        + "let torrent = try TorrentFile.read(path: \"share.torrent\")\n" + example)

    let tree = try TemporaryTree()
    try tree.write(Array(manifest.utf8), to: "fetch/Package.swift")
    try tree.write(Array(program.utf8), to: "fetch/Sources/fetch/main.swift")
    try FileManager.default.createSymbolicLink(
      atPath: tree.path + "/torrentctl", withDestinationPath: Self.root.path)
    let child = try ProcessChild(
      "describe", ["swift", "package", "--package-path", tree.path + "/fetch", "describe"], folder: tree.path,
      environment: ["TMPDIR": tree.path])
    let code = try await child.exit(within: .seconds(120))
    #expect(code == 0 && child.output.contains("Name: fetch"), "\(child.report())")
  }

  @Test("The example of Bencode reads what it writes")
  func bencode() throws {
    let result = try DocumentationExamples.bencode()
    #expect(result.name == "share" && result.size == 42)
    #expect(result.bytes == result.again)
  }

  @Test("The example of Metainfo makes a hybrid, links to it and finds its content")
  func metainfo() throws {
    // Tests run where the package is, which holds the sample tree.
    try #require(FileManager.default.fileExists(atPath: "data/about.txt"))
    let result = try DocumentationExamples.metainfo()
    #expect(result.torrent.info.format == .hybrid)
    #expect(result.link.infoHashes == result.torrent.infoHashes)
    #expect(result.report.isOK)
  }

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }
}
