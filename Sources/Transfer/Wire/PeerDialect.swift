import Metainfo

/// How one side of a BitTorrent connection speaks (BEP 3): a handshake, then messages, some of which are
/// followed by the payload of a block.
///
/// It is shown the bytes that have come and are not understood yet, and says what they are; which of them are of
/// no use it knows by itself. All that a connection must remember of its stream is here, so that it makes no
/// difference where the stream is cut, and what is behind it may be a socket, an encrypted line or a test. Nothing is
/// kept of what was shown, and nothing allocated but for the message that comes out.
public struct PeerDialect: Sendable {
  /// What the bytes at the start are.
  public enum Event: Hashable, Sendable {
    /// The other side wants this torrent. Its name, the rest of the handshake, may take its time: some who
    /// only try whether a port is open wait for an answer first.
    case greeting(InfoHash)
    /// The whole handshake. Nothing more is read before `open(pieceCount:)`.
    case handshake(Handshake)
    case message(Message)
    /// The header of a block: `payloadLeft` bytes follow that belong into its place.
    case block(RawBlock)
    /// So many of the bytes at the start belong to the block that was begun last.
    case payload(Int)
  }

  private enum Phase: Sendable {
    case handshaking(isGreeted: Bool)
    case held
    case open(FrameDecoder)
  }

  private var phase = Phase.handshaking(isGreeted: false)
  /// Bytes of the block that was begun last, still to come.
  public private(set) var payloadLeft = 0
  /// Bytes of no use, still to come.
  private var skipping = 0
  /// The bytes that must be there, from the start of what is not understood, before `next` can say more. Never
  /// more than the longest message of the torrent.
  public private(set) var needed = 1

  public init() {}

  /// The handshake is done, and its torrent has not said yet that messages may follow.
  public var isHeld: Bool { if case .held = phase { true } else { false } }

  /// Messages follow.
  public var isOpen: Bool { if case .open = phase { true } else { false } }

  /// After the handshake: what follows is about a torrent of so many pieces.
  public mutating func open(pieceCount: Int) {
    guard case .held = phase else { return }
    phase = .open(FrameDecoder(pieceCount: pieceCount))
    needed = 4
  }

  /// Looks at the bytes that are not understood yet, from their start.
  /// - Parameter consumed: how many of them are done with, of what is returned and of what is passed over before it.
  ///   Those are not to be shown again, also when `nil` is returned.
  /// - Returns: `nil` when more bytes must come first.
  /// - Complexity: O(length of the message).
  public mutating func next(in bytes: RawSpan, consumed: inout Int) throws(WireError) -> Event? {
    consumed = min(skipping, bytes.byteCount)
    skipping -= consumed
    while consumed < bytes.byteCount {
      let rest = bytes.extracting(droppingFirst: consumed)
      if payloadLeft > 0 {
        let count = min(payloadLeft, rest.byteCount)
        payloadLeft -= count
        consumed += count
        return .payload(count)
      }
      switch phase {
      case .handshaking(let isGreeted):
        return try handshake(in: rest, isGreeted: isGreeted, consumed: &consumed)
      case .held: return nil
      case .open(let decoder):
        switch try decoder.decode(rest) {
        case .needsBytes(let count):
          needed = count
          return nil
        case .message(let message, let length):
          consumed += length
          return .message(message)
        case .block(let raw):
          consumed += RawBlock.headerLength
          payloadLeft = Int(raw.length)
          return .block(raw)
        case .unknown(_, let payload):
          let passed = min(5 + payload, rest.byteCount)
          consumed += passed
          skipping = 5 + payload - passed
        }
      }
    }
    needed = 1
    return nil
  }

  private mutating func handshake(
    in bytes: RawSpan, isGreeted: Bool, consumed: inout Int
  ) throws(WireError) -> Event? {
    if !isGreeted, let infoHash = try bytes.withUnsafeBytes(Handshake.infoHash(in:)) {
      phase = .handshaking(isGreeted: true)
      return .greeting(infoHash)
    }
    guard let handshake = try bytes.withUnsafeBytes(Handshake.decode) else {
      needed = Handshake.length
      return nil
    }
    phase = .held
    consumed += Handshake.length
    return .handshake(handshake)
  }

  // MARK: Blocks whose bytes go straight to their places

  /// So many bytes of the payload are in their place, without having been shown.
  public mutating func placed(_ count: Int) { payloadLeft -= min(count, payloadLeft) }

  /// The rest of the payload is of no use: it is passed over.
  public mutating func abandonBlock() {
    skipping += payloadLeft
    payloadLeft = 0
  }

  /// Takes 13 bytes, if they are the header of this very block where one may begin: what `next` would have said,
  /// for bytes that were read to where they were expected.
  public mutating func begins(_ expected: RawBlock, with header: RawSpan) -> Bool {
    guard payloadLeft == 0, skipping == 0, case .open(let decoder) = phase,
      case .block(let raw)? = try? decoder.decode(header), raw == expected
    else { return false }
    payloadLeft = Int(raw.length)
    return true
  }
}
