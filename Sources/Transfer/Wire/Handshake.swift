import Metainfo

/// The first 68 bytes that each side of a connection sends (BEP 3): a protocol name, eight bytes of extension
/// flags, the info-hash and the peer id.
public struct Handshake: Hashable, Sendable {
  public static let length = 68
  /// Bytes up to the peer id.
  public static let greetingLength = 48

  static let prefix: [UInt8] = [19] + Array("BitTorrent protocol".utf8)

  public let infoHash: InfoHash
  public let peerID: PeerID
  /// BEP 6: have-all, have-none, reject, suggest and allowed-fast are understood.
  public let supportsFast: Bool
  /// BEP 10: extended messages are understood.
  public let supportsExtensions: Bool

  public init(
    infoHash: InfoHash, peerID: PeerID, supportsFast: Bool = true, supportsExtensions: Bool = true
  ) {
    self.infoHash = infoHash
    self.peerID = peerID
    self.supportsFast = supportsFast
    self.supportsExtensions = supportsExtensions
  }

  public var encoded: [UInt8] {
    var reserved = [UInt8](repeating: 0, count: 8)
    if supportsExtensions { reserved[5] |= 0x10 }
    if supportsFast { reserved[7] |= 0x04 }
    return Self.prefix + reserved + infoHash.array + peerID.bytes
  }

  /// Which torrent a handshake is about, once its first 48 bytes are there; `nil` means that more are needed.
  ///
  /// A stream that can't become a handshake is refused at the first byte that shows it.
  public static func infoHash(in bytes: some RandomAccessCollection<UInt8>) throws(WireError) -> InfoHash? {
    guard bytes.prefix(prefix.count).elementsEqual(prefix.prefix(bytes.count)) else {
      throw .notBitTorrent
    }
    return InfoHash(bytes.dropFirst(prefix.count + 8).prefix(InfoHash.length))
  }

  /// Reads a handshake off the start of a stream; `nil` means that more bytes are needed.
  ///
  /// A stream that can't become a handshake is refused at the first byte that shows it.
  public static func decode(_ bytes: some RandomAccessCollection<UInt8>) throws(WireError) -> Handshake? {
    guard let infoHash = try infoHash(in: bytes),
      let peerID = PeerID(bytes.dropFirst(greetingLength).prefix(PeerID.length)),
      case let flags = Array(bytes.dropFirst(prefix.count).prefix(8))
    else { return nil }
    return Handshake(
      infoHash: infoHash, peerID: peerID, supportsFast: flags[7] & 0x04 != 0,
      supportsExtensions: flags[5] & 0x10 != 0)
  }
}
