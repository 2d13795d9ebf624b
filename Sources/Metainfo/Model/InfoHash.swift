import Text

/// The name of a torrent in the swarm: the SHA-1 digest of its info dictionary's bytes as they stand in the
/// file (BEP 3).
public struct InfoHash: Hashable, Sendable {
  /// Bytes of a digest.
  public static let length = 20

  public let bytes: InlineArray<20, UInt8>

  public init(_ bytes: InlineArray<20, UInt8>) { self.bytes = bytes }

  /// `nil` unless there are exactly 20 bytes.
  public init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == Self.length else { return nil }
    var iterator = bytes.makeIterator()
    self.bytes = InlineArray { _ in iterator.next() ?? 0 }
  }

  public var array: [UInt8] { bytes.indices.map { bytes[$0] } }

  public static func == (a: InfoHash, b: InfoHash) -> Bool {
    for i in a.bytes.indices where a.bytes[i] != b.bytes[i] { return false }
    return true
  }

  public func hash(into hasher: inout Hasher) {
    for i in bytes.indices { hasher.combine(bytes[i]) }
  }
}

extension InfoHash: CustomStringConvertible {
  /// 40 lower-case hexadecimal digits.
  public var description: String { Hexadecimal.text(array) }
}
