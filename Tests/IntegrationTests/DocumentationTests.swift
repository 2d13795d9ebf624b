import Foundation
import Metainfo
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
