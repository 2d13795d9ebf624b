import Foundation
import Testing

@testable import torrentctl

@Suite struct ConvertBencodeTests {
  let shell: Shell

  init() throws { shell = try Shell() }

  @Test("a torrent of the fixtures comes back from its JSON byte for byte if it is canonical")
  func fixtures() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../Fixtures").standardized
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
      $0.hasSuffix(".torrent")
    }
    #expect(names.count > 5)
    for name in names {
      let path = folder.appendingPathComponent(name).path
      let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
      let isCanonical = shell.run("bencode", "--check", path).code == .done
      let decoded = shell.run("bencode", path)
      #expect(decoded.code == .done && decoded.errors.isEmpty == isCanonical, "\(name)")
      #expect(try decoded.json["info"] != nil, "\(name)")
      try shell.write(decoded.output, to: "x.json")
      let encoded = shell.run("bencode", "--encode", "x.json").output
      #expect((encoded == bytes) == isCanonical, "\(name)")
      try shell.write(encoded, to: "x")
      #expect(shell.run("bencode", "--check", "x").code == .done, "\(name)")
    }
  }

  @Test("--check names each place that is not canonical, and answers with 1")
  func check() throws {
    try shell.write("d1:bi-0e1:ai007e1:a03:abce ", to: "x")
    let result = shell.run("bencode", "--check", "x")
    #expect(result.code == .no)
    #expect(result.errors == "")
    #expect(
      result.text == """
        negative zero at byte 4
        unsorted dictionary keys at byte 8
        number with a leading zero at byte 11
        duplicate dictionary key at byte 16
        number with a leading zero at byte 19
        bytes after the end at byte 26

        """)
    try shell.write("l" + String(repeating: "i00e", count: 1000) + "e", to: "many")
    #expect(shell.run("bencode", "--check", "many").text.split(separator: "\n").count == 1000)
    try shell.write("x", to: "none")
    let none = shell.run("bencode", "--check", "none")
    expectOneError(none)
    #expect(none.code == .malformed && none.errors.contains("none: not bencode: expected a value at byte 0"))
  }

  @Test("a document that is not canonical is shown with a warning that --encode will change it")
  func warnings() throws {
    try shell.write("d1:bi1e1:ai2ee", to: "x")
    let result = shell.run("bencode", "x")
    #expect(result.code == .done)
    #expect(result.text == "{\n  \"b\": 1,\n  \"a\": 2\n}\n")
    let lines = result.errors.split(separator: "\n")
    #expect(lines.first == "torrentctl: warning: x: unsorted dictionary keys at byte 7")
    #expect(lines.count == 2 && lines[1].contains("--encode gives the canonical form"))
    try shell.write("l" + String(repeating: "i00e", count: 1000) + "e", to: "many")
    #expect(shell.run("bencode", "many").errors.split(separator: "\n").count == 12)
  }

  @Test("a key that occurs twice is shown twice, and refused on the way back")
  func duplicates() throws {
    try shell.write("d1:ai1e1:ai2ee", to: "x")
    let shown = shell.run("bencode", "x")
    #expect(shown.text == "{\n  \"a\": 1,\n  \"a\": 2\n}\n")
    #expect(shown.errors.contains("duplicate dictionary key at byte 7"))
    try shell.write(shown.output, to: "x.json")
    let back = shell.run("bencode", "--encode", "x.json")
    expectOneError(back)
    #expect(back.code == .malformed && back.output.isEmpty)
    #expect(back.errors.contains("x.json: name that occurs twice at line 3, column 3"))
  }

  @Test("the limit of size can be set")
  func maximumSize() throws {
    try shell.write("10:aaaaaaaaaa", to: "x")
    #expect(shell.run("bencode", "--max-size", "13", "x").code == .done)
    let refused = shell.run("bencode", "--max-size", "12", "x")
    expectOneError(refused)
    #expect(refused.code == .malformed)
    #expect(refused.errors.contains("x: 13 bytes, the limit is 12 (--max-size raises it)"))
    #expect(shell.run("bencode", "--max-size", "5GiB", "x").code == .usage)
    let large = [UInt8](repeating: UInt8(ascii: "a"), count: 10_000_000)
    try shell.write(Array("10000000:".utf8) + large, to: "large")
    #expect(shell.run("bencode", "large").code == .malformed)
    #expect(shell.run("bencode", "--max-size", "11MB", "large").output.count == 10_000_003)
  }

  @Test func bencodeIsNotWrittenToATerminal() throws {
    try shell.write("1", to: "x")
    #expect(shell.run("bencode", "--encode", "x", isTerminal: true).code == .usage)
    #expect(shell.run("bencode", "--encode", "--check", "x").code == .usage)
  }

  @Test func aReaderThatHadEnough() throws {
    try shell.write("l" + String(repeating: "i1e", count: 100_000) + "e", to: "x")
    let result = shell.run("bencode", "x", closingOutputWith: .brokenPipe)
    #expect(result.errors == "")
    #expect(result.code == .disk)
    #expect(result.output.count < 100_000, "it goes on writing")
  }
}
