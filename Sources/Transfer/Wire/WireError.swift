/// What a peer did that ends its connection: the rule it broke, in the words of the log.
public enum WireError: Error, Hashable, Sendable {
  case notBitTorrent
  case unknownTorrent
  case messageTooLong(Int)
  case invalid(message: MessageName)
  case bitfieldLength(got: Int, needed: Int)
  case bitfieldSpareBits
  case notNegotiated(message: MessageName)
  /// A message that may come first alone came later, or again.
  case tooLate(message: MessageName)

  /// Names of the messages that an error can be about.
  public enum MessageName: String, Sendable {
    case choke, unchoke, interested, have, bitfield, request, piece, cancel, port
    case notInterested = "not interested"
    case suggest = "suggest piece"
    case haveAll = "have all"
    case haveNone = "have none"
    case reject = "reject request"
    case allowedFast = "allowed fast"
    case extensionHandshake = "extension handshake"
  }
}

extension WireError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notBitTorrent: "not a BitTorrent handshake"
    case .unknownTorrent: "asks for a torrent that is not here"
    case .messageTooLong(let length): "a message of \(length) bytes is too long"
    case .invalid(let message): "invalid \(message.rawValue) message"
    case .bitfieldLength(let got, let needed): "bitfield of \(got) bytes where \(needed) are needed"
    case .bitfieldSpareBits: "bitfield has bits behind the last piece"
    case .notNegotiated(let message): "\(message.rawValue) without the fast extension"
    case .tooLate(let message): "\(message.rawValue) after the peer's first word of its pieces"
    }
  }
}
