import Bencode
import TestKit
import Testing

@Suite struct LenientTests {
  @Test("B02 sloppy inputs: lenient reading warns, strict reading refuses", arguments: SloppyBencode.all)
  func accepts(_ sloppy: SloppyBencode) throws {
    let warning = sloppy.warning
    let document = try BencodeDocument(sloppy.input)
    #expect(document.warnings == [warning])
    #expect(document.root.range == 0..<sloppy.input.count)
    #expect(throws: BencodeError(.notCanonical(warning.code), at: warning.offset)) {
      _ = try BencodeDocument(sloppy.input, reading: .strict)
    }
  }

  @Test(
    "Canonical inputs draw no warning",
    arguments: [
      "d1:ai1e2:aai2ee", "d2:aai1e1:bi2ee", "0:", "i0e", "de", "le", "d0:i1e1:ai1ee", "l1:b1:a1:ae",
      "d1:ad1:bi1ee1:bd1:ai1eee",
    ])
  func canonical(text: String) throws {
    #expect(try BencodeDocument(Array(text.utf8)).warnings.isEmpty)
    _ = try BencodeDocument(Array(text.utf8), reading: .strict)
  }

  @Test("B10 bytes after the end: accepted with a warning, refused strictly", arguments: ["x", "\n", "i1e"])
  func trailing(bytes: String) throws {
    let input = Array(("d1:ai1ee" + bytes).utf8)
    let document = try BencodeDocument(input)
    #expect(document.warnings == [BencodeWarning(.trailingBytes, at: 8)])
    #expect(document.root.range == 0..<8)
    #expect(throws: BencodeError(.notCanonical(.trailingBytes), at: 8)) {
      _ = try BencodeDocument(input, reading: .strict)
    }
  }

  @Test("Warnings are limited in number")
  func manyWarnings() throws {
    let bytes = Array(("l" + String(repeating: "i00e", count: 10_000) + "e").utf8)
    let document = try BencodeDocument(bytes)
    #expect(document.warnings.count == BencodeWarning.maximumCount)
    #expect(document.root.count == 10_000)
  }
}
