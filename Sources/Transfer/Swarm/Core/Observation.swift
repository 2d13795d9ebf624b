import Metainfo

/// A decision of the core and why it was taken, for a protocol log, a live view or a test. Made only while somebody
/// listens.
public enum Observation: Hashable, Sendable {
  /// Why a worker leaves its peer.
  public enum Release: Hashable, Sendable {
    /// There is nothing more to fetch from it at present.
    case dry
    case choked
    /// It has delivered nothing for too long.
    case stalled
    /// It has refused request after request.
    case refused
    /// It has never delivered anything, and another waits that may.
    case neverDelivered
    /// Another peer is clearly faster, or was never tried.
    case slow
    case left
    /// All that is wanted is here.
    case done
  }

  /// Why a peer may ask for blocks.
  public enum Unchoke: Hashable, Sendable {
    /// A slot was free, and no other had waited for longer.
    case free
    /// Another has not used its slot.
    case unusedByAnother
    /// In a round: it is among the fastest.
    case ranked
    /// In a round: it has the place that goes round.
    case optimistic
  }

  /// Why a peer may ask for blocks no more.
  public enum Choke: Hashable, Sendable {
    /// In a round: others are faster, or it is their turn.
    case outranked
    /// It has not used its slot, and another waits.
    case unused
    case notInterested
  }

  case unchoked(PeerKey, Unchoke)
  case choked(PeerKey, Choke)
  /// An address is being dialed, as the one that has failed least.
  case dialed(Endpoint)
  /// Nobody has answered there in time.
  case unreached(Endpoint)
  /// The connection of a peer ends by this side's will.
  case parted(PeerKey, SwarmCore.Farewell)
  case leased(PeerKey)
  case released(PeerKey, Release)
  /// A worker on this peer fetches a piece, from its beginning or where another has left it.
  case claimed(PieceIndex, PeerKey, isHalfDone: Bool)
  /// Nobody who can be asked has anything left that is not under way.
  case endGameBegan
  /// A block that others were asked for was asked of this peer too.
  case askedTwice(BlockSpan, PeerKey)
}

/// Where observations go. While nobody listens they are not even made.
struct ObservationSink {
  var isListening = false
  private(set) var observations: [Observation] = []

  mutating func append(_ observation: Observation) { observations.append(observation) }

  /// What was observed since the last look.
  mutating func take() -> [Observation] {
    defer { observations = [] }
    return observations
  }
}

extension SwarmCore {
  @inline(__always)
  mutating func observe(_ observation: @autoclosure () -> Observation) {
    if sink.isListening { sink.append(observation()) }
  }

  /// Whether decisions are observed; nothing is paid for it while it is false.
  public var isObserved: Bool {
    get { sink.isListening }
    set { sink.isListening = newValue }
  }

  /// The decisions since the last call, in order.
  public mutating func takeObservations() -> [Observation] { sink.take() }
}
