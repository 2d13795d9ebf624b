import Bencode
import Text

@testable import Metainfo

/// A .torrent file by its top-level entries, as they stand in it.
struct RawTorrent {
  /// Keys and encoded values in the order of the file.
  var entries: [(key: String, value: [UInt8])]

  init(_ entries: [(key: String, value: BencodeValue)]) {
    self.entries = entries.map { ($0.key, $0.value.encoded()) }
  }

  init(_ bytes: [UInt8]) throws {
    entries = try BencodeDocument(bytes).root.entries.map {
      (String(decoding: $0.key, as: UTF8.self), Array($0.value.rawBytes))
    }
  }

  var bytes: [UInt8] {
    var writer = BencodeWriter()
    for (key, value) in entries {
      writer.text(key)
      writer.raw(value)
    }
    return Array("d".utf8) + writer.bytes + Array("e".utf8)
  }

  /// Text of a value; `nil` when there is no such key.
  subscript(_ key: String) -> String? {
    entries.first { $0.key == key }.map { String(decoding: $0.value, as: UTF8.self) }
  }

  /// All but these keys, as text to compare.
  func except(_ keys: Set<String>) -> [String] {
    entries.filter { !keys.contains($0.key) }.map { "\($0.key)=\(Escaping.escaped($0.value))" }
  }
}
