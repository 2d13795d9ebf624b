/// A bencoded value by itself, for building what is to be written. To read, see `BencodeDocument`.
public indirect enum BencodeValue: Hashable, Sendable {
  case integer(Int64)
  case string([UInt8])
  case list([BencodeValue])
  case dictionary([[UInt8]: BencodeValue])

  /// A string of this text's UTF-8.
  public static func text(_ text: String) -> BencodeValue { .string(Array(text.utf8)) }

  /// A copy of the node and all it holds; `nil` when an integer in it exceeds 64 bits. Of a key that occurs
  /// twice the first counts. O(tokens).
  public init?(_ node: BencodeNode) {
    switch node.kind {
    case .integer:
      guard let integer = node.integer else { return nil }
      self = .integer(integer)
    case .string:
      self = .string(Array(node.string ?? []))
    case .list:
      var list: [BencodeValue] = []
      for element in node.elements {
        guard let value = BencodeValue(element) else { return nil }
        list.append(value)
      }
      self = .list(list)
    case .dictionary:
      var dictionary: [[UInt8]: BencodeValue] = [:]
      for (key, node) in node.entries {
        guard let value = BencodeValue(node) else { return nil }
        if dictionary[Array(key)] == nil { dictionary[Array(key)] = value }
      }
      self = .dictionary(dictionary)
    }
  }

  /// The one canonical encoding: keys in the order of their bytes. O(bytes), and O(n log n) for n keys.
  public func encoded() -> [UInt8] {
    var writer = BencodeWriter()
    writer.value(self)
    return writer.bytes
  }
}

extension BencodeValue: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
  public init(integerLiteral value: Int64) { self = .integer(value) }
  public init(stringLiteral value: String) { self = .text(value) }
}

extension BencodeValue: ExpressibleByArrayLiteral {
  public init(arrayLiteral elements: BencodeValue...) { self = .list(elements) }
}

extension BencodeValue: ExpressibleByDictionaryLiteral {
  /// Of a key that is given twice the last counts.
  public init(dictionaryLiteral elements: (String, BencodeValue)...) {
    self = .dictionary(Dictionary(elements.map { (Array($0.utf8), $1) }, uniquingKeysWith: { $1 }))
  }
}
