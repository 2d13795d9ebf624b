/// One value of a document. A node keeps its document alive and is cheap to copy.
public struct BencodeNode: Sendable {
  /// The four kinds of value that bencode has.
  public enum Kind: Hashable, Sendable {
    case integer, string, list, dictionary
  }

  package let storage: BencodeDocument.Storage
  package let index: Int

  /// - Parameter index: Of a token that starts a value.
  package init(storage: BencodeDocument.Storage, index: Int) {
    self.storage = storage
    self.index = index
  }

  package var token: BencodeToken { storage.tokens[index] }

  public var kind: Kind {
    switch token.kind {
    case .integer: .integer
    case .string: .string
    case .list: .list
    // No node is ever made of an end.
    case .dictionary, .end: .dictionary
    }
  }

  /// The bytes of the whole value, counted from the start of the document.
  public var range: Range<Int> {
    let token = token
    return Int(token.offset)..<Int(storage.tokens[index + token.span].offset)
  }

  /// The whole value as it stands in the document.
  public var rawBytes: ArraySlice<UInt8> { storage.bytes[range] }

  /// The value of an integer; `nil` for another kind, and for an integer that 64 bits can't hold.
  public var integer: Int64? {
    let token = token
    guard token.kind == .integer else { return nil }
    var position = Int(token.offset) + 1
    let isNegative = storage.bytes[position] == UInt8(ascii: "-")
    if isNegative { position += 1 }
    var magnitude: UInt64 = 0
    while storage.bytes[position] != UInt8(ascii: "e") {
      let (product, overflowed) = magnitude.multipliedReportingOverflow(by: 10)
      let (sum, carried) = product.addingReportingOverflow(
        UInt64(storage.bytes[position] &- UInt8(ascii: "0")))
      guard !overflowed, !carried else { return nil }
      magnitude = sum
      position += 1
    }
    if isNegative, magnitude == Int64.min.magnitude { return .min }
    guard let value = Int64(exactly: magnitude) else { return nil }
    return isNegative ? -value : value
  }

  /// Where a string's content lies in the document; `nil` for another kind.
  public var stringRange: Range<Int>? {
    let token = token
    guard token.kind == .string else { return nil }
    return Int(token.offset) + token.payload..<Int(storage.tokens[index + 1].offset)
  }

  /// The content of a string, of any bytes; `nil` for another kind.
  public var string: ArraySlice<UInt8>? { stringRange.map { storage.bytes[$0] } }

  /// The content of a string if that is valid UTF-8; `nil` otherwise and for another kind.
  public var text: String? { string.flatMap { String(validating: $0, as: UTF8.self) } }

  /// The value behind the first such key of a dictionary; `nil` without one, and for another kind.
  /// O(keys of this dictionary): values are stepped over whole.
  public subscript(_ key: String) -> BencodeNode? { value(of: key.utf8) }

  /// As the subscript by text, for a key of any bytes.
  public subscript(_ key: some Collection<UInt8>) -> BencodeNode? { value(of: key) }

  private func value(of key: some Collection<UInt8>) -> BencodeNode? {
    guard token.kind == .dictionary else { return nil }
    let tokens = storage.tokens
    let length = key.count
    var position = index + 1
    while tokens[position].kind != .end {
      let value = position + 1
      let start = Int(tokens[position].offset) + tokens[position].payload
      let end = Int(tokens[value].offset)
      if end - start == length, storage.bytes[start..<end].elementsEqual(key) {
        return BencodeNode(storage: storage, index: value)
      }
      position = value + tokens[value].span
    }
    return nil
  }
}
