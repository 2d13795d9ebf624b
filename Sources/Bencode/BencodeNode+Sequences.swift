extension BencodeNode {
  /// The values of a list in order; none for another kind.
  public var elements: Elements { Elements(self) }

  /// The keys and values of a dictionary in the order of the document; none for another kind. A key may occur
  /// twice: see `BencodeWarning.Code.duplicateKey`.
  public var entries: Entries { Entries(self) }

  /// Values of a list, or keys of a dictionary; 0 for another kind. O(count).
  public var count: Int {
    var position = index + 1
    var count = 0
    switch token.kind {
    case .list, .dictionary:
      while storage.tokens[position].kind != .end {
        position += storage.tokens[position].span
        count += 1
      }
      return token.kind == .list ? count : count / 2
    case .integer, .string, .end:
      return 0
    }
  }

  /// The values of a list, in order.
  public struct Elements: Sequence, IteratorProtocol, Sendable {
    private let storage: BencodeDocument.Storage
    /// The token of the next element.
    private var position: Int
    /// The token that ends the list.
    private let end: Int

    init(_ node: BencodeNode) {
      storage = node.storage
      position = node.index + 1
      end = node.token.kind == .list ? node.index + node.token.span - 1 : position
    }

    public mutating func next() -> BencodeNode? {
      guard position < end else { return nil }
      let node = BencodeNode(storage: storage, index: position)
      position += storage.tokens[position].span
      return node
    }
  }

  /// The keys and values of a dictionary, in the order of the document.
  public struct Entries: Sequence, IteratorProtocol, Sendable {
    private let storage: BencodeDocument.Storage
    /// The token of the next key.
    private var position: Int
    /// The token that ends the dictionary.
    private let end: Int

    init(_ node: BencodeNode) {
      storage = node.storage
      position = node.index + 1
      end = node.token.kind == .dictionary ? node.index + node.token.span - 1 : position
    }

    public mutating func next() -> (key: ArraySlice<UInt8>, value: BencodeNode)? {
      guard position < end else { return nil }
      let token = storage.tokens[position]
      let value = BencodeNode(storage: storage, index: position + 1)
      let valueToken = value.token
      let key = storage.bytes[Int(token.offset) + token.payload..<Int(valueToken.offset)]
      position += 1 + valueToken.span
      return (key, value)
    }
  }
}
