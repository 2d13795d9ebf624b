import TestKit
import Testing

@testable import Metainfo

@Suite("Which files are taken")
struct ContentFilterTests {
  /// `+GLOB` takes, `-GLOB` leaves.
  private func filter(_ rules: [String]) throws -> ContentFilter {
    ContentFilter(rules: try rules.map { .init(try Glob(String($0.dropFirst())), takes: $0.hasPrefix("+")) })
  }

  private func components(_ path: String) -> [String] { path.split(separator: "/").map(String.init) }

  @Test(
    "the last rule that matches decides; where the first one takes, nothing else is taken",
    arguments: [
      ([], "a b/c", ""),
      (["-*.tmp"], "a b/c x.tmpl", "a.tmp b/c.tmp"),
      (["+*.mkv"], "a.mkv b/c.mkv", "a b/c mkv"),
      (["+*.mkv", "-extras/"], "a.mkv b/a.mkv", "extras/a.mkv b/extras/c/a.mkv a.txt"),
      (["-extras/", "+*.mkv"], "a.mkv extras/a.mkv a.txt", "extras/a.txt"),
      (["-*", "+keep", "-keep/not", "+keep/not/but"], "keep keep/a keep/not/but", "a b/c keep/not/x"),
      (["+/a"], "a a/b", "b/a b"),
    ] as [([String], String, String)])
  func rules(rules: [String], taken: String, left: String) throws {
    let filter = try filter(rules)
    for path in taken.split(separator: " ") {
      #expect(filter.takes(components(String(path))), "\(rules) take \(path)")
    }
    for path in left.split(separator: " ") {
      #expect(!filter.takes(components(String(path))), "\(rules) leave \(path)")
    }
  }

  @Test(
    "a folder is looked into when something below it could be taken",
    arguments: [
      ([], "a a/b", ""),
      (["-a"], "b b/c", "a b/a a/c"),
      (["-a/"], "b", "a a/c"),
      (["-a/*"], "a", "a/b a/b/c"),
      (["-a", "+*.txt"], "a a/b b", ""),
      (["-a", "+b/*.txt"], "b c", "a a/b"),
      (["+a/b/*.txt"], "a a/b", "b a/c b/a"),
      (["+a/b", "-a/b/c"], "a a/b a/b/d", "a/b/c c"),
      (["+x", "-*"], "", "a a/b"),
    ] as [([String], String, String)])
  func pruning(rules: [String], open: String, closed: String) throws {
    let filter = try filter(rules)
    for path in open.split(separator: " ") {
      #expect(filter.mayTake(below: components(String(path))), "\(rules) look into \(path)")
    }
    for path in closed.split(separator: " ") {
      #expect(!filter.mayTake(below: components(String(path))), "\(rules) stay out of \(path)")
    }
  }

  @Test("a folder that is stayed out of holds nothing that the rules take")
  func pruningIsSafe() throws {
    var random = SeededGenerator(seed: 11)
    let names = ["a", "b", "ab", "*", "a*", "?", "**"]
    for _ in 0..<3000 {
      let rules = (0..<Int.random(in: 0...4, using: &random)).map { _ in
        let parts = (0..<Int.random(in: 1...3, using: &random)).map { _ in
          names.randomElement(using: &random)!
        }
        let end = Bool.random(using: &random) ? "/" : ""
        return (Bool.random(using: &random) ? "+" : "-") + parts.joined(separator: "/") + end
      }
      let filter = try filter(rules)
      let path = (0..<4).map { _ in ["a", "b", "ab", "c"].randomElement(using: &random)! }
      guard filter.takes(path) else { continue }
      for depth in 1..<4 {
        #expect(filter.mayTake(below: Array(path.prefix(depth))), "\(rules) take \(path)")
      }
    }
  }
}
