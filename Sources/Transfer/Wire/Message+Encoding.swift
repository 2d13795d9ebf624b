extension Message {
  /// Appends the message as it is sent: a length of four bytes, an id, and the payload. O(length).
  public func encode(into bytes: inout [UInt8]) {
    switch self {
    case .keepAlive: bytes.appendBigEndian(0)
    case .choke: bytes.appendFrame(MessageID.choke)
    case .unchoke: bytes.appendFrame(MessageID.unchoke)
    case .interested: bytes.appendFrame(MessageID.interested)
    case .notInterested: bytes.appendFrame(MessageID.notInterested)
    case .have(let piece): bytes.appendFrame(MessageID.have, piece)
    case .bitfield(let bits):
      bytes.appendBigEndian(UInt32(truncatingIfNeeded: bits.count + 1))
      bytes.append(MessageID.bitfield)
      bytes.append(contentsOf: bits)
    case .request(let block): bytes.appendFrame(MessageID.request, block)
    case .cancel(let block): bytes.appendFrame(MessageID.cancel, block)
    case .port(let port):
      bytes.appendBigEndian(3)
      bytes.append(MessageID.port)
      bytes.append(UInt8(port >> 8))
      bytes.append(UInt8(port & 0xff))
    case .suggest(let piece): bytes.appendFrame(MessageID.suggest, piece)
    case .haveAll: bytes.appendFrame(MessageID.haveAll)
    case .haveNone: bytes.appendFrame(MessageID.haveNone)
    case .reject(let block): bytes.appendFrame(MessageID.reject, block)
    case .allowedFast(let piece): bytes.appendFrame(MessageID.allowedFast, piece)
    case .extensionHandshake(let handshake):
      let dictionary = handshake.encoded
      bytes.appendBigEndian(UInt32(truncatingIfNeeded: dictionary.count + 2))
      bytes.append(MessageID.extended)
      bytes.append(0)
      bytes += dictionary
    }
  }

  public var encoded: [UInt8] {
    var bytes: [UInt8] = []
    encode(into: &bytes)
    return bytes
  }
}

extension RawBlock {
  /// Bytes in front of a block's payload in a `piece` message.
  public static let headerLength = 13

  /// What stands in front of the payload of a `piece` message: length, id, piece, offset.
  public var pieceHeader: InlineArray<13, UInt8> {
    var header = InlineArray<13, UInt8>(repeating: MessageID.piece)
    func put(_ value: UInt32, at start: Int) {
      for index in 0..<4 {
        header[start + index] = UInt8(truncatingIfNeeded: value >> UInt32(24 - 8 * index))
      }
    }
    put(9 &+ length, at: 0)
    put(piece, at: 5)
    put(offset, at: 9)
    return header
  }

  /// Appends `pieceHeader`.
  public func encodePieceHeader(into bytes: inout [UInt8]) {
    let header = pieceHeader
    for index in header.indices { bytes.append(header[index]) }
  }
}

extension [UInt8] {
  fileprivate mutating func appendBigEndian(_ value: UInt32) {
    append(UInt8(truncatingIfNeeded: value >> 24))
    append(UInt8(truncatingIfNeeded: value >> 16))
    append(UInt8(truncatingIfNeeded: value >> 8))
    append(UInt8(truncatingIfNeeded: value))
  }

  fileprivate mutating func appendFrame(_ id: UInt8) {
    appendBigEndian(1)
    append(id)
  }

  fileprivate mutating func appendFrame(_ id: UInt8, _ number: UInt32) {
    appendBigEndian(5)
    append(id)
    appendBigEndian(number)
  }

  fileprivate mutating func appendFrame(_ id: UInt8, _ block: RawBlock) {
    appendBigEndian(13)
    append(id)
    appendBigEndian(block.piece)
    appendBigEndian(block.offset)
    appendBigEndian(block.length)
  }
}
