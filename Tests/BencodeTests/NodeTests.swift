import Bencode
import Testing

@Suite struct NodeTests {
  static let sample = Array("d1:ai1e1:b3:foo1:cli1ei-2ee1:dd1:xi1eee".utf8)

  @Test("Lookups and kinds")
  func lookups() throws {
    let root = try BencodeDocument(Self.sample).root
    #expect(root.kind == .dictionary)
    #expect(root.count == 4)
    #expect(root["a"]?.integer == 1)
    #expect(root["a"]?.string == nil)
    #expect(root["b"]?.text == "foo")
    #expect(root["b"]?.integer == nil)
    #expect(root["c"]?.kind == .list)
    #expect(root["c"]?.count == 2)
    #expect(root["c"]?["a"] == nil)
    #expect(root["c"]?.elements.map(\.integer) == [1, -2])
    #expect(root["d"]?["x"]?.integer == 1)
    #expect(root["d"]?["y"] == nil)
    #expect(root["x"] == nil)
    #expect(root[[UInt8(ascii: "a")]]?.integer == 1)
    #expect(root["a"]?.count == 0)
  }

  @Test("Entries come in the order of the document")
  func entries() throws {
    let root = try BencodeDocument(Self.sample).root
    let entries = root.entries.map { (String(decoding: $0.key, as: UTF8.self), $0.value.kind) }
    #expect(entries.map(\.0) == ["a", "b", "c", "d"])
    #expect(entries.map(\.1) == [.integer, .string, .list, .dictionary])
    #expect(root.elements.map(\.kind).isEmpty)
    #expect(root["c"]?.entries.map(\.value.kind).isEmpty == true)
    #expect(root["b"]?.elements.map(\.kind).isEmpty == true)
  }

  @Test(
    "Raw bytes of every value",
    arguments: [
      ("a", "i1e"), ("b", "3:foo"), ("c", "li1ei-2ee"), ("d", "d1:xi1ee"),
    ])
  func rawBytes(key: String, raw: String) throws {
    let document = try BencodeDocument(Self.sample)
    let node = try #require(document.root[key])
    #expect(Array(node.rawBytes) == Array(raw.utf8))
    #expect(Array(document.bytes[node.range]) == Array(raw.utf8))
    #expect(Array(document.root.rawBytes) == Self.sample)
  }

  @Test("Of a key that occurs twice the first is found")
  func duplicates() throws {
    let root = try BencodeDocument(Array("d1:ai1e1:bi2e1:ai3ee".utf8)).root
    #expect(root["a"]?.integer == 1)
    #expect(root.count == 3)
  }

  @Test("Keys and strings of any bytes")
  func anyBytes() throws {
    let root = try BencodeDocument(Array("d3:a\0bi1ee".utf8)).root
    #expect(root["a\0b"]?.integer == 1)
    let invalid: [UInt8] = [0xFF, 0xFE]
    let document = try BencodeDocument(BencodeValue.dictionary([invalid: .string(invalid)]).encoded())
    #expect(document.root[invalid]?.string.map(Array.init) == invalid)
    #expect(document.root[invalid]?.text == nil)
  }

  @Test("A slice that does not start at 0 reads like the array of its bytes")
  func slices() throws {
    let padded = Array("garbage".utf8) + Self.sample + Array("more".utf8)
    let slice = padded[7..<7 + Self.sample.count]
    #expect(slice.startIndex == 7)
    let document = try BencodeDocument(slice)
    #expect(document.warnings.isEmpty)
    #expect(document.bytes == Self.sample)
    #expect(document.root["d"]?.range == 30..<38)
    #expect(throws: BencodeError(.unexpectedEnd, at: 1)) { _ = try BencodeDocument(padded[7..<10]) }
  }

  @Test("A long string is found whole")
  func longString() throws {
    let content = [UInt8](repeating: 7, count: 1_000_000)
    let root = try BencodeDocument(BencodeValue.string(content).encoded()).root
    #expect(root.stringRange == 8..<1_000_008)
    #expect(root.string.map(Array.init) == content)
  }
}
