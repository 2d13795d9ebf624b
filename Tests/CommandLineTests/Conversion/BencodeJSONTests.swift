import Bencode
import Foundation
import TestKit
import Testing

@testable import torrentctl

/// Bencode as JSON and back, without the command around it.
@Suite struct BencodeJSONTests {
  private func json(_ bencode: [UInt8]) throws -> [UInt8] {
    var text: [UInt8] = []
    BencodeToJSON.convert(try BencodeDocument(bencode)) { text += $0 }
    return text
  }

  @Test(
    "each value has one form, and that form gives it back",
    arguments: [
      ("i0e", "0"), ("i-1e", "-1"), ("i9007199254740991e", "9007199254740991"),
      ("i-9007199254740991e", "-9007199254740991"),
      ("i9007199254740992e", #"{"$integer": "9007199254740992"}"#),
      ("i-9007199254740992e", #"{"$integer": "-9007199254740992"}"#),
      ("i18446744073709551616e", #"{"$integer": "18446744073709551616"}"#),
      ("i99999999999999999999e", #"{"$integer": "99999999999999999999"}"#),
      ("0:", #""""#), ("4:spam", #""spam""#), ("5:$hex:", #""$hex:""#),
      ("6:a\"\\\n\u{1}b", #""a\"\\\n\u0001b""#),
      ("4:😀", #""😀""#), ("3:\u{202e}", #""\u202e""#), ("4:\u{e0001}", #""\udb40\udc01""#),
      ("le", "[]"), ("de", "{}"), ("li1e0:e", "[\n  1,\n  \"\"\n]"), ("llelee", "[\n  [],\n  []\n]"),
      ("d1:ai1ee", "{\n  \"a\": 1\n}"), ("d4:$hexi1ee", "{\n  \"$$hex\": 1\n}"),
      ("d1:$i1e2:$$i2ee", "{\n  \"$$\": 1,\n  \"$$$\": 2\n}"), ("d0:i1ee", "{\n  \"\": 1\n}"),
      ("d8:$integer1:5e", "{\n  \"$$integer\": \"5\"\n}"),
    ])
  func forms(bencode: String, text: String) throws {
    let bytes = Array(bencode.utf8)
    #expect(String(decoding: try json(bytes), as: UTF8.self) == text + "\n")
    #expect(try JSONToBencode.encode(Array(text.utf8)) == bytes)
  }

  @Test("bytes that are no UTF-8 are written in hexadecimal, as a value and as a key")
  func binary() throws {
    let bytes = Array("d2:".utf8) + [0xC3, 0x28] + Array("3:".utf8) + [0, 0xFF, 0x7F] + Array("e".utf8)
    let text = try json(bytes)
    #expect(String(decoding: text, as: UTF8.self) == "{\n  \"$hex:c328\": {\"$hex\": \"00ff7f\"}\n}\n")
    #expect(try JSONToBencode.encode(text) == bytes)
    #expect(try JSONToBencode.encode(Array(#"{"$hex":"Ab"}"#.utf8)) == Array("1:".utf8) + [0xAB])
  }

  @Test(
    "a surrogate half, overlong or truncated form is no UTF-8",
    arguments: [[0xED, 0xA0, 0x80], [0xC0, 0x80], [0xE2, 0x82]])
  func almostUTF8(content: [UInt8]) throws {
    let bytes = Array("\(content.count):".utf8) + content
    #expect(try json(bytes).starts(with: #"{"$hex": ""#.utf8))
    #expect(try JSONToBencode.encode(try json(bytes)) == bytes)
  }

  @Test("members in any order and with any blanks give the canonical form")
  func anyOrder() throws {
    let text = "\r\n{ \"b\":\t[1 ,2], \"a\" : {\"z\":1,\"y\":{\"$hex\" : \"\"}} ,\"aa\":\"\\u00e9\\/\" }  "
    #expect(try JSONToBencode.encode(Array(text.utf8)) == Array("d1:ad1:y0:1:zi1ee2:aa3:é/1:bli1ei2eee".utf8))
  }

  @Test(
    "what is not canonical comes back in canonical form",
    arguments: [
      ("i-0e", "i0e"), ("i007e", "i7e"), ("i-007e", "i-7e"), ("003:abc", "3:abc"), ("i1ex", "i1e"),
      ("d1:bi1e1:ai2ee", "d1:ai2e1:bi1ee"),
    ])
  func notCanonical(bencode: String, canonical: String) throws {
    #expect(try JSONToBencode.encode(try json(Array(bencode.utf8))) == Array(canonical.utf8))
  }

  @Test(
    "what bencode can't say, and what is no JSON, is refused with line and column",
    arguments: [
      ("", "expected a value at line 1, column 1"),
      ("\u{feff}1", "expected a value at line 1, column 1"),
      ("[1,\n  null]", "bencode has no true, false or null at line 2, column 3"),
      ("1.5", "bencode has whole numbers only at line 1, column 1"),
      ("[1e3]", "bencode has whole numbers only at line 1, column 2"),
      ("[\"é\", -0]", "bencode has no negative zero at line 1, column 7"),
      ("01", "number with a leading zero at line 1, column 1"),
      ("-", "expected a digit at line 1, column 2"), ("+1", "expected a value at line 1, column 1"),
      ("100000000000000000000", "integer of more than 20 digits at line 1, column 1"),
      ("1 2", "text after the value at line 1, column 3"), ("[1,]", "expected a value at line 1, column 4"),
      ("[1", "expected a comma or ] at line 1, column 3"), ("{1:2}", "expected a string at line 1, column 2"),
      ("{\"a\" 1}", "expected a colon at line 1, column 6"),
      ("{\"a\":1 \"b\":2}", "expected a comma or } at line 1, column 8"),
      ("{\"a\":1,}", "expected a string at line 1, column 8"),
      ("{\"b\":1,\"a\":2,\n \"b\":3}", "name that occurs twice at line 2, column 2"),
      ("{\"a\":1,\"\\u0061\":2}", "name that occurs twice at line 1, column 8"),
      ("{\"$hex:61\":1,\"a\":2}", "name that occurs twice at line 1, column 14"),
      ("\"a", "string without an end at line 1, column 3"),
      ("\"a\\", "string without an end at line 1, column 4"),
      ("\"a\nb\"", "control character in a string at line 1, column 3"),
      ("\"\\x\"", "unknown escape at line 1, column 2"),
      ("\"\\u12g4\"", "escape without four hexadecimal digits at line 1, column 2"),
      ("\"\\ud800\"", "half of a surrogate pair at line 1, column 2"),
      ("\"\\udc00\\ud800\"", "half of a surrogate pair at line 1, column 2"),
      ("\"\\ud800\\u0041\"", "half of a surrogate pair at line 1, column 2"),
      ("{\"$hex\":\"abc\"}", "odd number of hexadecimal digits at line 1, column 9"),
      ("{\"$hex\":\"zz\"}", "not hexadecimal digits at line 1, column 9"),
      ("{\"$hex\":5}", "expected a string at line 1, column 9"),
      ("{\"$hex\":\"ab\",\"a\":1}", "a name with a single $ stands alone in its object at line 1, column 13"),
      ("{\"a\":1,\"$hex\":\"ab\"}", "a name with a single $ stands alone in its object at line 1, column 8"),
      ("{\"$integer\":\"1x\"}", "not a whole number at line 1, column 13"),
      ("{\"$integer\":\"01\"}", "not a whole number at line 1, column 13"),
      ("{\"$integer\":\"-0\"}", "bencode has no negative zero at line 1, column 13"),
      ("{\"$foo\":1}", "a key that begins with $ is written with $$ at line 1, column 2"),
      ("{\"$hex:0\":1}", "odd number of hexadecimal digits at line 1, column 2"),
    ])
  func refused(text: String, reason: String) {
    let error = #expect(throws: JSONError.self) { _ = try JSONToBencode.encode(Array(text.utf8)) }
    #expect(error?.description == reason)
  }

  @Test("invalid UTF-8 in JSON is refused where it stands")
  func invalidUTF8() {
    let error = #expect(throws: JSONError.self) { _ = try JSONToBencode.encode([0x22, 0x61, 0xFF, 0x22]) }
    #expect(error?.description == "invalid UTF-8 at line 1, column 3")
  }

  @Test("as many levels as can be read again, and not one more")
  func depth() throws {
    let open = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
    let bytes = try JSONToBencode.encode(Array(open.utf8))
    #expect(try json(bytes).count { $0 == UInt8(ascii: "[") } == 100)
    for text in [
      "[\(open)]", String(repeating: "[", count: 5_000_000), String(repeating: "{\"a\":", count: 101),
    ] {
      let error = #expect(throws: JSONError.self) { _ = try JSONToBencode.encode(Array(text.utf8)) }
      #expect(error?.reason == "more than 100 levels")
    }
  }

  @Test("random values come back byte for byte, and their JSON is what other readers read", arguments: 0..<8)
  func roundTrip(round: Int) throws {
    let seed = UInt64.random(in: .min ... .max)
    var random = SeededGenerator(seed: seed)
    for _ in 0..<100 {
      let bytes = Self.tree(depth: 4, using: &random).encoded()
      let text = try json(bytes)
      #expect(try JSONToBencode.encode(text) == bytes, "seed \(seed)")
      // Foundation reads the same text, and what it writes, in another order and form, means the same.
      let object = try JSONSerialization.jsonObject(with: Data(text), options: .fragmentsAllowed)
      let rewritten = try JSONSerialization.data(withJSONObject: object, options: .fragmentsAllowed)
      #expect(try JSONToBencode.encode([UInt8](rewritten)) == bytes, "seed \(seed)")
    }
  }

  @Test("damaged JSON gives an error or bencode, never a trap", arguments: 0..<8)
  func damaged(round: Int) throws {
    let seed = UInt64.random(in: .min ... .max)
    var random = SeededGenerator(seed: seed)
    let alphabet = Array("{}[],:\"\\$ud8hexinteger0123456789-.e \n".utf8)
    for _ in 0..<300 {
      var text = try json(Self.tree(depth: 3, using: &random).encoded())
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let index = Int.random(in: text.indices, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: text[index] = .random(in: .min ... .max, using: &random)
        case 1: text.insert(alphabet.randomElement(using: &random) ?? 0, at: index)
        default: if text.count > 1 { text.remove(at: index) }
        }
      }
      guard let bytes = try? JSONToBencode.encode(text) else { continue }
      #expect(throws: Never.self, "seed \(seed)") { _ = try BencodeDocument(bytes, reading: .strict) }
      #expect(try JSONToBencode.encode(try json(bytes)) == bytes, "seed \(seed)")
    }
  }

  private static func tree(depth: Int, using random: inout SeededGenerator) -> BencodeValue {
    let size = Int.random(in: 0..<5, using: &random)
    switch Int.random(in: 0..<(depth == 0 ? 2 : 4), using: &random) {
    case 0:
      let shift = Int64.random(in: 0..<64, using: &random)
      return .integer(.random(in: .min ... .max, using: &random) >> shift)
    case 1: return .string(content(using: &random))
    case 2: return .list((0..<size).map { _ in tree(depth: depth - 1, using: &random) })
    default:
      let entries = (0..<size).map { _ in (content(using: &random), tree(depth: depth - 1, using: &random)) }
      return .dictionary(Dictionary(entries, uniquingKeysWith: { $1 }))
    }
  }

  /// Text, names with a meaning, or any bytes.
  private static func content(using random: inout SeededGenerator) -> [UInt8] {
    let size = Int.random(in: 0..<12, using: &random)
    switch Int.random(in: 0..<4, using: &random) {
    case 0: return (0..<size).map { _ in .random(in: .min ... .max, using: &random) }
    case 1:
      return Array(
        (["$hex", "$integer", "$", "$$", "$hex:61", "$$hex"].randomElement(using: &random) ?? "").utf8)
    case 2: return (0..<size).map { _ in .random(in: 0..<128, using: &random) }
    default:
      var text = ""
      for _ in 0..<size {
        if let scalar = Unicode.Scalar(UInt32.random(in: 0..<0x11_0000, using: &random)) {
          text.unicodeScalars.append(scalar)
        }
      }
      return Array(text.utf8)
    }
  }
}
