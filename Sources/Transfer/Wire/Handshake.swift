import Metainfo

/// The first 68 bytes that each side of a connection sends (BEP 3): a protocol name, eight bytes of extension
/// flags, the info-hash and the peer id.
public struct Handshake: Equatable, Sendable {
  public static let length = 68

  static let prefix: [UInt8] = [19] + Array("BitTorrent protocol".utf8)

  public let infoHash: InfoHash
  public let peerID: PeerID
  /// BEP 6: have-all, have-none, reject, suggest and allowed-fast are understood.
  public let supportsFast: Bool

  public init(infoHash: InfoHash, peerID: PeerID, supportsFast: Bool = true) {
    self.infoHash = infoHash
    self.peerID = peerID
    self.supportsFast = supportsFast
  }

  public var encoded: [UInt8] {
    var reserved = [UInt8](repeating: 0, count: 8)
    if supportsFast { reserved[7] |= 0x04 }
    return Self.prefix + reserved + infoHash.array + peerID.bytes
  }

  /// Reads a handshake off the start of a stream; `nil` means that more bytes are needed.
  ///
  /// A stream that can't become a handshake is refused at the first byte that shows it.
  public static func decode(_ bytes: some RandomAccessCollection<UInt8>) throws(WireError) -> Handshake? {
    guard bytes.prefix(prefix.count).elementsEqual(prefix.prefix(bytes.count)) else {
      throw .notBitTorrent
    }
    guard bytes.count >= length else { return nil }
    let rest = bytes.dropFirst(prefix.count)
    guard let infoHash = InfoHash(rest.dropFirst(8).prefix(InfoHash.length)),
      let peerID = PeerID(rest.dropFirst(8 + InfoHash.length).prefix(PeerID.length)),
      let flags = rest.dropFirst(7).first
    else { return nil }
    return Handshake(infoHash: infoHash, peerID: peerID, supportsFast: flags & 0x04 != 0)
  }
}
