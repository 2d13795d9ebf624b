import Platform

/// How a session listens, and its limits.
public struct SessionConfiguration: Sendable {
  /// Which port peers reach it at.
  public enum PortChoice: Hashable, Sendable {
    /// The first that is free.
    case firstFree(ClosedRange<UInt16>)
    case exactly(UInt16)
    /// Whatever the system chooses.
    case any
  }

  /// Addresses of this machine to listen at and to connect from; empty for all of both families.
  public var bindAddresses: [IPAddress] = []
  public var port = PortChoice.firstFree(6881...6889)
  /// Pieces that a torrent fetches in parallel, each from a peer of its own.
  public var maxWorkers = 16
  /// What all torrents together may use; can be changed while the session runs.
  public var limits = SessionLimits()
  /// Finds peers on the same machine and network without a tracker (BEP 14).
  public var usesLocalDiscovery = true
  /// For the handshake of a peer that has come by itself.
  var handshakeTime = Instant.Span.seconds(10)
  /// A peer that was asked and has delivered no whole block for this long is left for another.
  var stallAllowed = Instant.Span.seconds(20)
  /// What carries the connections.
  var makeTransport: @Sendable (SessionConfiguration) throws(SystemError) -> sending any PeerTransport = {
    configuration throws(SystemError) in try TCPTransport(configuration)
  }

  /// Where connections come from; for a family that is not among them the system chooses.
  var localAddresses: [IPAddress] { bindAddresses.filter { $0 != .anyIPv4 && $0 != .anyIPv6 } }

  public init() {}
}

/// What holds for one torrent.
public struct TorrentOptions: Sendable {
  /// Peers that are known from the start.
  public var peers: [Endpoint] = []
  /// A file that is in the way and is not a version of the torrent's may be overwritten.
  public var overwritesForeignFiles = false
  /// Fetch pieces in order instead of rarest first.
  public var sequential = false
  /// For each file whether it is fetched; `nil` fetches all. Seeding takes no notice of it.
  public var selection: [Bool]?

  public init() {}
}
