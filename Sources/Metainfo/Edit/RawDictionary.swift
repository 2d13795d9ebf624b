import Bencode

/// A dictionary of a document, in which values are replaced while all else keeps its bytes and its place.
struct RawDictionary {
  private struct Entry {
    let key: ArraySlice<UInt8>
    /// The key as it is encoded: lenient reading accepts more than one way.
    let encodedKey: ArraySlice<UInt8>
    var value: ArraySlice<UInt8>
  }

  private var entries: [Entry] = []
  private(set) var isChanged = false

  /// O(keys).
  init(_ node: BencodeNode) {
    let bytes = node.rawBytes
    var position = bytes.startIndex + 1
    for (key, value) in node.entries {
      let range = value.range
      entries.append(Entry(key: key, encodedKey: bytes[position..<range.lowerBound], value: bytes[range]))
      position = range.upperBound
    }
  }

  private func has(_ key: String) -> Bool { entries.contains { $0.key.elementsEqual(key.utf8) } }

  private func value(_ key: String) -> ArraySlice<UInt8>? {
    entries.first { $0.key.elementsEqual(key.utf8) }?.value
  }

  /// The integer under the key.
  func integer(_ key: String) -> Int? {
    guard let value = value(key), value.first == UInt8(ascii: "i") else { return nil }
    return Int(String(decoding: value.dropFirst().dropLast(), as: UTF8.self))
  }

  /// Gives the key this encoded value. A new key is put in before the first that is greater, so that sorted keys
  /// stay so. Of a key that occurs twice one is left.
  mutating func set(_ key: String, to value: [UInt8]) {
    isChanged = true
    guard let index = entries.firstIndex(where: { $0.key.elementsEqual(key.utf8) }) else {
      let place = entries.firstIndex { key.utf8.lexicographicallyPrecedes($0.key) } ?? entries.endIndex
      entries.insert(Self.entry(key.utf8, value[...]), at: place)
      return
    }
    entries[index].value = value[...]
    let rest = entries[(index + 1)...].filter { !$0.key.elementsEqual(key.utf8) }
    entries.replaceSubrange((index + 1)..., with: rest)
  }

  mutating func remove(_ key: String) {
    guard has(key) else { return }
    entries.removeAll { $0.key.elementsEqual(key.utf8) }
    isChanged = true
  }

  /// Gives the key this text, or removes it for `nil`. So it does with what some programs write beside it: the same
  /// in UTF-8 for certain, under `KEY.utf-8`.
  mutating func setText(_ key: String, to text: String?) {
    for (key, isOwn) in [(key, true), (key + ".utf-8", false)] {
      guard let text else {
        remove(key)
        continue
      }
      guard isOwn || has(key), !isText(key, text) else { continue }
      var writer = BencodeWriter()
      writer.text(text)
      set(key, to: writer.bytes)
    }
  }

  /// Gives the key this integer, or removes it for `nil`.
  mutating func setInteger(_ key: String, to integer: Int?) {
    guard let integer else { return remove(key) }
    guard self.integer(key) != integer else { return }
    var writer = BencodeWriter()
    writer.integer(integer)
    set(key, to: writer.bytes)
  }

  /// Gives the only key another name.
  mutating func renameOnlyKey(to key: String) {
    guard entries.count == 1, !entries[0].key.elementsEqual(key.utf8) else { return }
    entries[0] = Self.entry(key.utf8, entries[0].value)
    isChanged = true
  }

  func encoded() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(entries.reduce(2) { $0 + $1.encodedKey.count + $1.value.count })
    bytes.append(UInt8(ascii: "d"))
    for entry in entries {
      bytes += entry.encodedKey
      bytes += entry.value
    }
    bytes.append(UInt8(ascii: "e"))
    return bytes
  }

  private func isText(_ key: String, _ text: String) -> Bool {
    guard let value = value(key), let colon = value.firstIndex(of: UInt8(ascii: ":")),
      value[..<colon].allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return false }
    return value[(colon + 1)...].elementsEqual(text.utf8)
  }

  private static func entry(_ key: String.UTF8View, _ value: ArraySlice<UInt8>) -> Entry {
    var writer = BencodeWriter()
    writer.string(key)
    return Entry(key: Array(key)[...], encodedKey: writer.bytes[...], value: value)
  }
}
