import Foundation
import TestKit
import Testing

@testable import Text

@Suite("Names of the system as text") struct SystemTextTests {
  @Test(
    "What is no UTF-8 is stood in for, byte by byte, and shown so",
    arguments: [
      (Array("a/é.txt".utf8), "a/é.txt", "a/é.txt"), ([0x63, 0xE9], "c\u{10FFE9}", "c\\xE9"),
      ([0xC0, 0xAF], "\u{10FFC0}\u{10FFAF}", "\\xC0\\xAF"),
      ([0xED, 0xA0, 0x80], "\u{10FFED}\u{10FFA0}\u{10FF80}", "\\xED\\xA0\\x80"),
      ([0xF4, 0x8F, 0xBE, 0x80], "\u{10FFF4}\u{10FF8F}\u{10FFBE}\u{10FF80}", "\\xF4\\x8F\\xBE\\x80"),
      ([0xF4, 0x8F, 0xBD, 0xBF], "\u{10FF7F}", "\\u{10FF7F}"), ([], "", ""),
    ] as [([UInt8], String, String)])
  func table(bytes: [UInt8], text: String, shown: String) {
    #expect(SystemText.text(bytes).unicodeScalars.elementsEqual(text.unicodeScalars))
    #expect(SystemText.bytes(text) == bytes)
    #expect(Escaping.escaped(text) == shown)
    #expect(SystemText.isVerbatim(text) == Array(text.utf8).elementsEqual(bytes))
  }

  @Test("Any bytes come back, and ASCII stands for itself", arguments: 0..<50)
  func roundTrip(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    let pool: [UInt8] = [0, 0x2F, 0x2E, 0x41, 0x80, 0x8F, 0xBE, 0xBF, 0xC3, 0xE9, 0xF4, 0xFF]
    for _ in 0..<200 {
      let bytes = (0..<Int.random(in: 0...12, using: &random)).map { _ in
        Bool.random(using: &random)
          ? pool.randomElement(using: &random)! : UInt8.random(in: 0...255, using: &random)
      }
      let text = SystemText.text(bytes)
      #expect(SystemText.bytes(text) == bytes, "seed \(seed)")
      #expect(text.unicodeScalars.count { $0.isASCII } == bytes.count { $0 < 0x80 }, "seed \(seed)")
    }
  }
}
