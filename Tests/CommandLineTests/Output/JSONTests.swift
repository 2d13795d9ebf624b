import Foundation
import Testing

@testable import torrentctl

@Suite struct JSONTests {
  @Test func aLine() {
    let value: JSON = [
      "event": "piece", "index": 3, "from": ["127.0.0.1:1"], "ok": true, "none": .null, "empty": [],
    ]
    #expect(
      value.line == #"{"event":"piece","index":3,"from":["127.0.0.1:1"],"ok":true,"none":null,"empty":[]}"#)
  }

  @Test func aDocument() {
    let value: JSON = ["a": [1, 2], "b": [:], "c": ["d": "e"]]
    #expect(
      value.document == """
        {
          "a": [
            1,
            2
          ],
          "b": {},
          "c": {
            "d": "e"
          }
        }

        """)
  }

  @Test func numbers() {
    #expect(JSON.number(1.5).line == "1.5")
    #expect(JSON.number(.infinity).line == "null")
    #expect(JSON.number(.nan).line == "null")
    #expect(JSON.integer(.min).line == "-9223372036854775808")
  }

  @Test func whatCouldDisturbATerminalIsEscaped() {
    #expect(
      JSON.string("a\u{1b}[31m\u{202e}\u{7f}\u{9b}\u{2028}\r\n\t\"\\").line
        == #""a\u001b[31m\u202e\u007f\u009b\u2028\r\n\t\"\\""#)
    #expect(JSON.string("größe 日本 🎉").line == "\"größe 日本 🎉\"")
    #expect(JSON.string("\u{e0001}").line == #""\udb40\udc01""#)
  }

  /// Another implementation reads back every character that there is.
  @Test func everyCharacterIsReadBackByFoundation() throws {
    var all = String.UnicodeScalarView()
    for value in stride(from: UInt32(0), through: 0x10ffff, by: 1) {
      if value > 0x3000, value % 17 != 0 { continue }
      if let scalar = Unicode.Scalar(value) { all.append(scalar) }
    }
    let text = String(all)
    let line = JSON.array([.string(text)]).line
    let read = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String]
    #expect(read?.first.map { Array($0.unicodeScalars) } == Array(text.unicodeScalars))
  }
}
