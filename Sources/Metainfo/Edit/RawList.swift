import Bencode

/// A list of a document, in which elements are added and removed while the others keep their bytes. An element
/// that isn't understood has no value, and stays.
struct RawList<Value: Equatable> {
  private struct Element {
    let value: Value?
    let encoded: ArraySlice<UInt8>
  }

  private var elements: [Element]
  private(set) var isChanged = false

  init(_ nodes: some Sequence<BencodeNode>, _ read: (BencodeNode) -> Value?) {
    elements = nodes.map { Element(value: read($0), encoded: $0.rawBytes) }
  }

  /// A list that is in no document yet.
  init() { elements = [] }

  var isEmpty: Bool { elements.isEmpty }
  var values: [Value] { elements.compactMap(\.value) }

  func contains(_ value: Value) -> Bool { elements.contains { $0.value == value } }

  mutating func add(_ value: Value, encoded: [UInt8]) {
    elements.append(Element(value: value, encoded: encoded[...]))
    isChanged = true
  }

  mutating func remove(_ value: Value) {
    let count = elements.count
    elements.removeAll { $0.value == value }
    if elements.count < count { isChanged = true }
  }

  mutating func replace(_ old: Value, with new: Value, encoded: [UInt8]) {
    for index in elements.indices where elements[index].value == old {
      elements[index] = Element(value: new, encoded: encoded[...])
      isChanged = true
    }
  }

  mutating func removeAll() {
    if !elements.isEmpty { isChanged = true }
    elements = []
  }

  func encoded() -> [UInt8] {
    var writer = BencodeWriter()
    writer.list { writer in for element in elements { writer.raw(element.encoded) } }
    return writer.bytes
  }

  /// Puts the list under the key when it has changed; no list is empty.
  func write(to key: String, of fields: inout RawDictionary) {
    guard isChanged else { return }
    if elements.isEmpty { fields.remove(key) } else { fields.set(key, to: encoded()) }
  }
}
