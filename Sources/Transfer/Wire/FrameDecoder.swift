import Metainfo

/// Reads messages off the start of a stream.
///
/// The decoder keeps nothing between calls: it is shown the bytes that are there, from the start of a message,
/// and says what they are or how many it needs. So it makes no difference where a stream is cut.
public struct FrameDecoder: Sendable {
  /// What the bytes at the start of the stream are.
  public enum Step: Hashable, Sendable {
    /// Nothing yet: the message can be read once this many bytes are there.
    case needsBytes(Int)
    /// A whole message, which took this many bytes.
    case message(Message, consumed: Int)
    /// The header (13 bytes) of a block whose payload follows.
    case block(RawBlock)
    /// The start (5 bytes) of a message that this client does not know; the payload follows and is passed over.
    case unknown(id: UInt8, payload: Int)
  }

  /// The longest message that is not known, and so passed over: 1 MiB with its id.
  public static let longestUnknown = 1 << 20

  /// Bytes of a bitfield of this torrent.
  public let bitfieldLength: Int

  public init(pieceCount: Int) { bitfieldLength = (pieceCount + 7) / 8 }

  /// Bytes that a buffer must be able to hold for every message of this torrent.
  public var longestMessage: Int { max(5 + bitfieldLength, 6 + ExtensionHandshake.longest) }

  /// O(length of the message).
  public func decode(_ bytes: RawSpan) throws(WireError) -> Step {
    guard bytes.byteCount >= 4 else { return .needsBytes(4) }
    let length = Int(bytes.bigEndian(at: 0))
    guard length > 0 else { return .message(.keepAlive, consumed: 4) }
    guard length <= Self.longestUnknown || length == 1 + bitfieldLength else {
      throw .messageTooLong(length)
    }
    guard bytes.byteCount >= 5 else { return .needsBytes(5) }
    let id = bytes.byte(at: 4)
    switch id {
    case MessageID.choke: return try plain(.choke, .choke, length)
    case MessageID.unchoke: return try plain(.unchoke, .unchoke, length)
    case MessageID.interested: return try plain(.interested, .interested, length)
    case MessageID.notInterested: return try plain(.notInterested, .notInterested, length)
    case MessageID.haveAll: return try plain(.haveAll, .haveAll, length)
    case MessageID.haveNone: return try plain(.haveNone, .haveNone, length)
    case MessageID.have: return try number(bytes, length, .have) { .have($0) }
    case MessageID.suggest: return try number(bytes, length, .suggest) { .suggest($0) }
    case MessageID.allowedFast: return try number(bytes, length, .allowedFast) { .allowedFast($0) }
    case MessageID.request: return try block(bytes, length, .request) { .request($0) }
    case MessageID.cancel: return try block(bytes, length, .cancel) { .cancel($0) }
    case MessageID.reject: return try block(bytes, length, .reject) { .reject($0) }
    case MessageID.bitfield: return try bitfield(bytes, length)
    case MessageID.piece: return try pieceHeader(bytes, length)
    case MessageID.port:
      guard length == 3 else { throw .invalid(message: .port) }
      guard bytes.byteCount >= 7 else { return .needsBytes(7) }
      return .message(.port(UInt16(bytes.byte(at: 5)) << 8 | UInt16(bytes.byte(at: 6))), consumed: 7)
    case MessageID.extended: return try extended(bytes, length)
    default:
      guard length <= Self.longestUnknown else { throw .messageTooLong(length) }
      return .unknown(id: id, payload: length - 1)
    }
  }

  private func plain(
    _ message: Message, _ name: WireError.MessageName, _ length: Int
  ) throws(WireError) -> Step {
    guard length == 1 else { throw .invalid(message: name) }
    return .message(message, consumed: 5)
  }

  private func number(
    _ bytes: RawSpan, _ length: Int, _ name: WireError.MessageName, _ make: (UInt32) -> Message
  ) throws(WireError) -> Step {
    guard length == 5 else { throw .invalid(message: name) }
    guard bytes.byteCount >= 9 else { return .needsBytes(9) }
    return .message(make(bytes.bigEndian(at: 5)), consumed: 9)
  }

  private func block(
    _ bytes: RawSpan, _ length: Int, _ name: WireError.MessageName, _ make: (RawBlock) -> Message
  ) throws(WireError) -> Step {
    guard length == 13 else { throw .invalid(message: name) }
    guard bytes.byteCount >= 17 else { return .needsBytes(17) }
    let block = RawBlock(
      piece: bytes.bigEndian(at: 5), offset: bytes.bigEndian(at: 9), length: bytes.bigEndian(at: 13))
    return .message(make(block), consumed: 17)
  }

  private func bitfield(_ bytes: RawSpan, _ length: Int) throws(WireError) -> Step {
    guard length - 1 == bitfieldLength else {
      throw .bitfieldLength(got: length - 1, needed: bitfieldLength)
    }
    guard bytes.byteCount >= 4 + length else { return .needsBytes(4 + length) }
    return .message(.bitfield(bytes.extracting(5..<4 + length).array), consumed: 4 + length)
  }

  /// No extension is announced to anybody, so that all but the handshake is passed over.
  private func extended(_ bytes: RawSpan, _ length: Int) throws(WireError) -> Step {
    guard length <= Self.longestUnknown else { throw .messageTooLong(length) }
    guard length > 1 else { throw .invalid(message: .extensionHandshake) }
    guard bytes.byteCount >= 6 else { return .needsBytes(6) }
    guard bytes.byte(at: 5) == 0 else { return .unknown(id: MessageID.extended, payload: length - 1) }
    guard length - 2 <= ExtensionHandshake.longest else { throw .invalid(message: .extensionHandshake) }
    guard bytes.byteCount >= 4 + length else { return .needsBytes(4 + length) }
    let dictionary = bytes.extracting(6..<4 + length).array
    return .message(.extensionHandshake(try ExtensionHandshake(decoding: dictionary)), consumed: 4 + length)
  }

  /// Every block that is asked for has 1 to 16 KiB, so nothing else can be an answer.
  private func pieceHeader(_ bytes: RawSpan, _ length: Int) throws(WireError) -> Step {
    guard length > 9, length - 9 <= PieceGeometry.blockLength else { throw .invalid(message: .piece) }
    guard bytes.byteCount >= RawBlock.headerLength else { return .needsBytes(RawBlock.headerLength) }
    return .block(
      RawBlock(
        piece: bytes.bigEndian(at: 5), offset: bytes.bigEndian(at: 9), length: UInt32(length - 9)))
  }
}

extension RawSpan {
  fileprivate func byte(at offset: Int) -> UInt8 {
    unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }

  /// A copy of all bytes.
  fileprivate var array: [UInt8] { withUnsafeBytes { Array($0) } }

  /// Four bytes in network order. `unsafeLoadUnaligned` checks the bound.
  fileprivate func bigEndian(at offset: Int) -> UInt32 {
    UInt32(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }
}
