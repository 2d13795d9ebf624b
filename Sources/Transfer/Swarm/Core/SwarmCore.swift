import Metainfo

/// One torrent's brain: it hears what happened and says what to do.
///
/// A value without I/O, clock or payload. The shell in `Session/` performs its actions on sockets and files, the
/// simulator in the tests on a virtual clock; both run this same code. Peers are keys, blocks are spans; the
/// bytes themselves never come here. This file is the state and the dispatch; each subject has a file of its own.
public struct SwarmCore {
  public let geometry: PieceGeometry
  let ownID: PeerID
  let limits: SwarmLimits
  /// Where this side accepts connections, which peers are told; `nil` when it doesn't.
  let port: UInt16?
  /// Its name in the governor.
  let key: TorrentKey
  /// What torrents share: lent to this one for the length of an input. (By its address: to swap a value of this size in
  /// and out would cost more than most inputs do, and every torrent that does nothing room for one.)
  private var lent: UnsafeMutablePointer<Governor>?
  var random: SplitMix64

  /// The pieces that are verified and stored.
  public internal(set) var have: Bitfield
  /// The pieces that are wanted and not in `have`.
  public internal(set) var missing: Bitfield
  /// The connected peers. All parts look at them; what a part alone needs of a peer is in a section of its own.
  var peers = PeerTable()
  var book = AddressBook()
  var upkeep = Upkeep()
  /// It is in the governor's line for a dial.
  var isAwaitingDial = false
  /// No address is dialed before this, for want of a seat.
  var nextSeatLook = Instant(nanoseconds: 0)
  var fetching: Fetching
  var offering: Offering
  var sink = ObservationSink()
  var downloaded = RateMeter()
  var uploaded = RateMeter()
  /// Bytes that came and were of no use: late, unasked for, or of a piece that failed.
  public internal(set) var wastedBytes = 0

  /// Starts with the pieces that are on disk and verified.
  /// - Parameter wanted: the pieces that are to be fetched; `nil` is all. Others that are here are given away
  ///   like these.
  /// - Parameter key: the torrent's name in the governor that is shared with each input.
  public init(
    geometry: PieceGeometry, have: Bitfield, wanted: Bitfield? = nil, ownID: PeerID,
    limits: SwarmLimits = SwarmLimits(), key: TorrentKey = TorrentKey(slot: 0, generation: 0),
    port: UInt16? = nil, seed: UInt64
  ) {
    self.geometry = geometry
    self.have = have
    missing = (wanted ?? Bitfield(allOf: geometry.pieceCount)).subtracting(have)
    self.ownID = ownID
    self.limits = limits
    self.key = key
    self.port = port
    random = SplitMix64(seed: seed)
    fetching = Fetching(missing, limits: limits, using: &random)
    offering = Offering(limits)
  }

  /// Whether all that is wanted is here.
  public var isComplete: Bool { missing.isEmpty }

  /// Takes one input and appends what is to be done about it.
  /// - Parameter governor: the session's, with which this torrent asks for its share of what there is.
  public mutating func handle(
    _ input: Input, at now: Instant, sharing governor: inout Governor, into actions: inout [Action]
  ) {
    withUnsafeMutablePointer(to: &governor) { lent in
      self.lent = lent
      defer { self.lent = nil }
      handle(input, at: now, into: &actions)
    }
  }

  /// The session's; there during an input.
  var governor: Governor {
    _read { yield lent!.pointee }
    nonmutating _modify { yield &lent!.pointee }
  }

  private mutating func handle(_ input: Input, at now: Instant, into actions: inout [Action]) {
    switch input {
    case .learned(let endpoints, let origin):
      learned(endpoints, from: origin, at: now, into: &actions)
    case .dialFailed(let endpoint): undialed(endpoint, at: now, into: &actions)
    case .mayDial: dial(at: now, into: &actions)
    case .joined(let key, let newcomer): joined(key, newcomer, at: now, into: &actions)
    case .left(let key): left(key, at: now, into: &actions)
    case .message(let key, let message): received(message, from: key, at: now, into: &actions)
    case .block(let key, let block): received(block, from: key, at: now, into: &actions)
    case .unwanted(let key, let raw): unwanted(raw, from: key, at: now, into: &actions)
    case .uploaded(let key, let block): uploaded(block, to: key, at: now, into: &actions)
    case .mayUpload(let key): pumpUploads(to: key, at: now, into: &actions)
    case .mayRequest(let key): refill(key, at: now, into: &actions)
    case .slotsChanged: chooseUnchoked(at: now, into: &actions)
    case .giveUpSeat: giveUpSeat(at: now, into: &actions)
    case .checked(let piece, let outcome): checked(piece, outcome, at: now, into: &actions)
    case .unsent(let key, let block): unsent(block, to: key, at: now, into: &actions)
    case .lost(let piece, let isWanted): lost(piece, isWanted: isWanted, at: now, into: &actions)
    case .timePassed: timePassed(at: now, into: &actions)
    }
  }
}
