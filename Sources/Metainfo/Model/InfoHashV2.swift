import Text

/// The name of a torrent of version 2 or a hybrid: the SHA-256 digest of its info dictionary's bytes as they
/// stand in the file (BEP 52).
public struct InfoHashV2: Hashable, Sendable {
  /// Bytes of a digest.
  public static let length = 32

  public let bytes: InlineArray<32, UInt8>

  public init(_ bytes: InlineArray<32, UInt8>) { self.bytes = bytes }

  /// `nil` unless there are exactly 32 bytes.
  public init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == Self.length else { return nil }
    var iterator = bytes.makeIterator()
    self.bytes = InlineArray { _ in iterator.next() ?? 0 }
  }

  public var array: [UInt8] { bytes.indices.map { bytes[$0] } }

  /// The first 20 bytes, which stand for the whole where a protocol has room for no more: the handshake, trackers
  /// and the DHT (BEP 52).
  public var truncated: InfoHash { InfoHash(InlineArray { bytes[$0] }) }

  public static func == (a: InfoHashV2, b: InfoHashV2) -> Bool {
    for i in a.bytes.indices where a.bytes[i] != b.bytes[i] { return false }
    return true
  }

  public func hash(into hasher: inout Hasher) {
    for i in bytes.indices { hasher.combine(bytes[i]) }
  }
}

extension InfoHashV2: CustomStringConvertible {
  /// 64 lower-case hexadecimal digits.
  public var description: String { Hexadecimal.text(array) }
}
