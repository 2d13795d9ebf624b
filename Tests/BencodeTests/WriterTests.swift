import Bencode
import Testing

@Suite struct WriterTests {
  @Test(
    "Values and their canonical encoding",
    arguments: [
      (0, "i0e"), (-5, "i-5e"), (.integer(.max), "i9223372036854775807e"),
      (.integer(.min), "i-9223372036854775808e"), ("", "0:"), ("spam", "4:spam"), ("é", "2:é"), ([], "le"),
      (["a", 1, ["b"]], "l1:ai1el1:bee"), ([:], "de"),
      (["b": 1, "a": 2, "": 3, "ab": 4, "B": 5], "d0:i3e1:Bi5e1:ai2e2:abi4e1:bi1ee"),
    ] as [(BencodeValue, String)])
  func canonical(value: BencodeValue, text: String) throws {
    #expect(String(decoding: value.encoded(), as: UTF8.self) == text)
    let document = try BencodeDocument(value.encoded(), reading: .strict)
    #expect(BencodeValue(document.root) == value)
  }

  @Test("Keys are ordered as bytes, not as signed numbers or text")
  func order() {
    let value = BencodeValue.dictionary([[0x80]: 1, [0x7F]: 2, [0xFF, 0]: 3])
    var expected = Array("d1:".utf8) + [0x7F] + Array("i2e1:".utf8) + [0x80]
    expected += Array("i1e2:".utf8) + [0xFF, 0] + Array("i3ee".utf8)
    #expect(value.encoded() == expected)
  }

  @Test("Entries written in any order come out sorted, at every level")
  func streaming() throws {
    var writer = BencodeWriter()
    writer.list { writer in
      writer.text("front")
      writer.dictionary { entries in
        entries.write("z") { $0.integer(UInt64.max) }
        entries.write("a") { writer in
          writer.dictionary { entries in
            entries.write("2") { $0.raw("le".utf8) }
            entries.write("1") { $0.string([1, 2]) }
          }
        }
        entries.write("m") { $0.value(["x": 1]) }
      }
    }
    let expected = "l5:frontd1:ad1:12:\u{1}\u{2}1:2lee1:md1:xi1ee1:zi18446744073709551615eee"
    #expect(String(decoding: writer.bytes, as: UTF8.self) == expected)
    _ = try BencodeDocument(writer.bytes, reading: .strict)
  }

  @Test("A value with an integer beyond 64 bits has no tree")
  func outOfRange() throws {
    let document = try BencodeDocument(Array("d1:ali9223372036854775808eee".utf8))
    #expect(BencodeValue(document.root) == nil)
  }
}
