import Metainfo

/// A message between peers (BEP 3, 6 and 10), all but the payload of a `piece`: that streams into the buffer of its
/// piece and never passes through here.
public enum Message: Hashable, Sendable {
  case keepAlive
  case choke
  case unchoke
  case interested
  case notInterested
  case have(UInt32)
  /// The packed bits, the first piece in the highest bit of the first byte.
  case bitfield([UInt8])
  case request(RawBlock)
  case cancel(RawBlock)
  /// The port of the sender's DHT node (BEP 5).
  case port(UInt16)
  case suggest(UInt32)
  case haveAll
  case haveNone
  case reject(RawBlock)
  case allowedFast(UInt32)
  /// The first of the extended messages. Apart from the others in memory: it comes once, and they often.
  indirect case extensionHandshake(ExtensionHandshake)
}

/// Piece, offset and length as they are on the wire: not yet known to lie inside the torrent.
public struct RawBlock: Hashable, Sendable {
  public let piece: UInt32
  public let offset: UInt32
  public let length: UInt32

  public init(piece: UInt32, offset: UInt32, length: UInt32) {
    self.piece = piece
    self.offset = offset
    self.length = length
  }

  /// The wire form of a span that is known to be good.
  public init(_ span: BlockSpan) {
    self.init(
      piece: UInt32(truncatingIfNeeded: span.piece.value), offset: UInt32(truncatingIfNeeded: span.offset),
      length: UInt32(truncatingIfNeeded: span.length))
  }
}

/// The numbers that stand for the messages on the wire.
enum MessageID {
  static let choke: UInt8 = 0
  static let unchoke: UInt8 = 1
  static let interested: UInt8 = 2
  static let notInterested: UInt8 = 3
  static let have: UInt8 = 4
  static let bitfield: UInt8 = 5
  static let request: UInt8 = 6
  static let piece: UInt8 = 7
  static let cancel: UInt8 = 8
  static let port: UInt8 = 9
  static let suggest: UInt8 = 0x0d
  static let haveAll: UInt8 = 0x0e
  static let haveNone: UInt8 = 0x0f
  static let reject: UInt8 = 0x10
  static let allowedFast: UInt8 = 0x11
  /// A further id follows: 0 is the extension handshake.
  static let extended: UInt8 = 20
}
