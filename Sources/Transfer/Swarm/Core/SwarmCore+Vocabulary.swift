import Metainfo

extension SwarmCore {
  /// What can happen to a swarm.
  public enum Input: Sendable {
    /// Somebody named peers.
    case learned([Endpoint], AddressOrigin)
    /// A dialed address did not answer or did not shake hands.
    case dialFailed(Endpoint)
    /// The governor's turn to dial has come to this torrent.
    case mayDial
    /// A connection has shaken hands. The key is new; the shell has chosen it.
    case joined(PeerKey, Newcomer)
    /// A connection has ended, by itself or because the core asked for it.
    case left(PeerKey)
    case message(PeerKey, Message)
    /// A whole block is in the buffer of its piece. The span has come out of `expects(_:from:)`.
    case block(PeerKey, BlockSpan)
    /// A block came that had no place to go, and is lost.
    case unwanted(PeerKey, RawBlock)
    /// A block that was to be uploaded is with the kernel.
    case uploaded(PeerKey, BlockSpan)
    /// The governor's turns: this peer may be sent a block, may be asked for one.
    case mayUpload(PeerKey)
    case mayRequest(PeerKey)
    /// The torrent's share of the upload slots is another.
    case slotsChanged
    /// Another torrent needs a seat, and this one has more than its part.
    case giveUpSeat
    case checked(PieceIndex, CheckOutcome)
    /// A block that was to be uploaded is not: its piece is lost.
    case unsent(PeerKey, BlockSpan)
    /// A piece that was here is not, or not right, any more. If it is wanted it is missing again.
    case lost(PieceIndex, isWanted: Bool)
    /// Time has passed; to be given when `nextDue` has come.
    case timePassed
  }

  /// Who has shaken hands.
  public struct Newcomer: Sendable {
    public let endpoint: Endpoint
    /// This side has dialed.
    public let isOutgoing: Bool
    public let id: PeerID
    public let supportsFast: Bool
    public let supportsExtensions: Bool

    public init(
      endpoint: Endpoint, isOutgoing: Bool, id: PeerID, supportsFast: Bool, supportsExtensions: Bool = false
    ) {
      self.endpoint = endpoint
      self.isOutgoing = isOutgoing
      self.id = id
      self.supportsFast = supportsFast
      self.supportsExtensions = supportsExtensions
    }
  }

  /// What checking a piece has shown. Fingerprints are of its blocks, in order: equal for equal bytes.
  public enum CheckOutcome: Sendable {
    /// Verified and stored. Fingerprints are there when they were asked for.
    case good(fingerprints: [UInt64])
    case bad(fingerprints: [UInt64])
  }

  /// What is to be done.
  public enum Action: Sendable {
    /// Connect to this address and shake hands; answer `joined` or `dialFailed`.
    case dial(Endpoint, within: Instant.Span)
    case send(PeerKey, Message)
    /// Send this block; answer `uploaded`.
    case upload(PeerKey, BlockSpan)
    /// End the connection; answer `left`.
    case disconnect(PeerKey, Farewell)
    /// All blocks of the piece are in its buffer: take its digest and, if it is right, store it. Answer `checked`.
    case check(PieceIndex, fingerprints: Bool)
    /// The buffer of this piece is of no further use, nor is anything on its way into it.
    case discard(PieceIndex)
    /// The piece is there; these peers have delivered it.
    case verified(PieceIndex, from: [Endpoint])
    case banned(Endpoint)
    /// There is no seat for a newcomer before this torrent has given one up.
    case needSeat(of: TorrentKey)
    /// This piece came wrong from these peers, and no connected peer is left that has it.
    case unobtainable(PieceIndex, from: [Endpoint])
    /// All wanted pieces are there.
    case completed
  }

  /// Why a connection ends.
  public enum Farewell: Hashable, Sendable {
    case broke(WireError)
    case banned
    case full
    case duplicate
    case oneself
    /// The peer has everything, and this side all that it wants.
    case bothDone
    case silent
    /// It has given and taken nothing for a while, and others wait for the place.
    case idle
    /// Its address, or the network around it, has its part of the places already.
    case crowded
  }
}

extension SwarmCore.Farewell: CustomStringConvertible {
  public var description: String {
    switch self {
    case .broke(let error): "\(error)"
    case .banned: "has sent wrong data"
    case .full: "no place for another peer"
    case .duplicate: "is connected already"
    case .oneself: "is this client itself"
    case .bothDone: "neither side needs anything of the other"
    case .silent: "has been silent for too long"
    case .idle: "makes room: nothing was given or taken"
    case .crowded: "too many peers at this address"
    }
  }
}
