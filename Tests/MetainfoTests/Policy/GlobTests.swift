import Testing

@testable import Metainfo

@Suite struct GlobTests {
  private func matches(_ pattern: String, _ path: String) throws -> Bool {
    let path = try #require(TorrentPath(path.split(separator: "/").map(String.init)))
    return try Glob(pattern).matches(path)
  }

  @Test(
    "what a pattern matches",
    arguments: [
      ("a", ["a", "x/a", "x/y/a", "a/b", "x/a/b/c"], ["b", "ab", "x/ba"]),
      ("*.txt", ["a.txt", ".txt", "x/y.txt", "x.txt/y"], ["txt", "a.txt.gz"]),
      ("x/*.txt", ["x/a.txt"], ["a.txt", "x/y/a.txt", "y/x/a.txt"]),
      ("/*.txt", ["a.txt"], ["x/a.txt"]),
      ("x/**/*.txt", ["x/a.txt", "x/y/a.txt", "x/y/z/a.txt"], ["a.txt", "y/x/a.txt"]),
      ("**/a", ["a", "x/a", "x/y/a"], ["ab", "x/ba"]),
      ("x/**", ["x/a", "x/y/a"], ["x", "y/x/a"]),
      ("**", ["a", "x/y"], []),
      ("*", ["a", "x/y"], []),
      ("x/y", ["x/y", "x/y/z"], ["x", "y", "x/yy", "w/x/y"]),
      ("x/", ["x/a", "w/x/a"], ["x", "w/x"]),
      ("x/y/", ["x/y/z"], ["x/y", "w/x/y/z"]),
      ("?.b", ["a.b", "é.b", "x/潮.b"], [".b", "aa.b"]),
      ("[a-c]", ["a", "b", "c", "x/c"], ["d", "A", "aa"]),
      ("[!a-c]x", ["dx", "éx"], ["ax", "x"]),
      ("[^ab]", ["c"], ["a"]),
      ("[]a]", ["]", "a"], ["b"]),
      ("[a-]", ["a", "-"], ["b"]),
      ("[\\]]", ["]"], ["\\"]),
      ("\\*", ["*"], ["a", "\\"]),
      ("a\\[1]", ["a[1]"], ["a1"]),
      ("a**b", ["ab", "axxb"], ["a/b"]),
      ("*a*b*", ["ab", "xaybz"], ["ba"]),
      ("日本*/?", ["日本語/潮"], ["日本語/潮水", "x/日本語/潮"]),
    ] as [(String, [String], [String])])
  func matching(pattern: String, yes: [String], no: [String]) throws {
    for path in yes { #expect(try matches(pattern, path), "\(pattern) is to match \(path)") }
    for path in no { #expect(try !matches(pattern, path), "\(pattern) is not to match \(path)") }
  }

  @Test(
    "what is no pattern",
    arguments: [
      ("", .empty), ("[", .unclosedSet), ("[]", .unclosedSet), ("a[bc", .unclosedSet),
      ("[a/b]", .unclosedSet),
      ("[a\\", .unclosedSet), ("[a-", .unclosedSet), ("[z-a]", .reversedRange("z", "a")),
      ("a\\", .danglingEscape), ("a\\/b", .danglingEscape), ("a//b", .emptyName), ("/", .emptyName),
      ("//", .emptyName), ("./a", .dots), ("a/..", .dots),
      (String(repeating: "a", count: 1_025), .tooLong),
    ] as [(String, Glob.Malformed)])
  func malformed(pattern: String, reason: Glob.Malformed) {
    #expect(throws: reason) { try Glob(pattern) }
  }

  @Test("patterns that drive a backtracking matcher mad take no time", .timeLimit(.minutes(5)))
  func pathological() throws {
    let name = String(repeating: "a", count: 255)
    #expect(try !matches(String(repeating: "*a", count: 500) + "b", name))
    #expect(try matches(String(repeating: "*a", count: 120) + "*", name))
    let deep = Array(repeating: "a", count: 100).joined(separator: "/")
    #expect(try !matches(String(repeating: "**/a/", count: 200) + "b", deep))
    #expect(try !matches(String(repeating: "**/*/", count: 90) + "b", deep))
    #expect(try matches(String(repeating: "**/*/", count: 90) + "a", deep))
  }
}
