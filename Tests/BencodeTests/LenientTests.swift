import Bencode
import Testing

@Suite struct LenientTests {
  /// Each input with the one warning that it deserves.
  static let accepted: [(String, BencodeWarning)] = [
    ("d1:ai12453e1:b3:aaa1:c3:bbb1:X10:0123456789e", BencodeWarning(.unsortedKeys, at: 27)),
    ("d2:abi1e2:aai2ee", BencodeWarning(.unsortedKeys, at: 8)),
    ("d2:bai1e2:aai2ee", BencodeWarning(.unsortedKeys, at: 8)),
    ("d2:aai1e1:ai2ee", BencodeWarning(.unsortedKeys, at: 8)),
    ("d1:\u{7F}i1e2:aai2ee", BencodeWarning(.unsortedKeys, at: 7)),
    ("d1:ali1ee0:i2ee", BencodeWarning(.unsortedKeys, at: 9)),
    ("ld1:bi1e1:ai2eee", BencodeWarning(.unsortedKeys, at: 8)),
    ("d1:ad1:xi1ee1:ad1:yi1eee", BencodeWarning(.duplicateKey, at: 12)),
    ("d2:aai1e2:aai2ee", BencodeWarning(.duplicateKey, at: 8)),
    ("d0:i1e0:i2ee", BencodeWarning(.duplicateKey, at: 6)),
    ("06:foobar", BencodeWarning(.leadingZero, at: 0)),
    ("l001:xe", BencodeWarning(.leadingZero, at: 1)),
    ("i01e", BencodeWarning(.leadingZero, at: 0)),
    ("i-01e", BencodeWarning(.leadingZero, at: 0)),
    ("i00e", BencodeWarning(.leadingZero, at: 0)),
    ("i-0e", BencodeWarning(.negativeZero, at: 0)),
  ]

  @Test("B02 sloppy inputs: lenient reading warns, strict reading refuses", arguments: accepted)
  func accepts(text: String, warning: BencodeWarning) throws {
    let document = try BencodeDocument(Array(text.utf8))
    #expect(document.warnings == [warning])
    #expect(document.root.range == 0..<text.utf8.count)
    #expect(throws: BencodeError(.notCanonical(warning.code), at: warning.offset)) {
      _ = try BencodeDocument(Array(text.utf8), reading: .strict)
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
