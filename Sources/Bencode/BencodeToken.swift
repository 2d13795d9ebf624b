/// One element of a scanned document, in 8 bytes: for code that reads very many values, which costs less from
/// tokens than from nodes.
///
/// Tokens lie in the order of the bytes. A list or dictionary is followed by its content and an `end`; the
/// document by one more `end` whose offset is where the value stopped. So the bytes of a value always reach
/// from its own offset to that of its next sibling.
public struct BencodeToken: Sendable {
  /// What the token starts, or that it ends what was started last.
  public enum Kind: UInt8, Sendable {
    case integer, string, list, dictionary, end
  }

  /// Where the first byte is.
  public let offset: UInt32
  /// Kind in the low 3 bits, payload above.
  @usableFromInline var word: UInt32

  static let maximumPayload: UInt32 = 1 << 29 - 1

  @inline(__always)
  init(_ kind: Kind, offset: Int, payload: Int = 0) {
    self.offset = UInt32(truncatingIfNeeded: offset)
    self.word = UInt32(truncatingIfNeeded: payload) << 3 | UInt32(kind.rawValue)
  }

  @inlinable
  public var kind: Kind {
    switch word & 7 {
    case 0: .integer
    case 1: .string
    case 2: .list
    case 3: .dictionary
    default: .end
    }
  }

  /// Of a string: bytes from the offset to its content. Of a list or dictionary: tokens to the next sibling;
  /// while it is being scanned, the token that encloses it, plus 1.
  public internal(set) var payload: Int {
    @inlinable get { Int(word >> 3) }
    set { word = UInt32(truncatingIfNeeded: newValue) << 3 | word & 7 }
  }

  /// Tokens from this one to its next sibling.
  @inlinable
  public var span: Int {
    switch kind {
    case .list, .dictionary: payload
    case .integer, .string, .end: 1
    }
  }
}
