import Metainfo
import Platform

/// What a torrent has from its session: the loop, the threads, and the ways to speak to the outside.
struct SessionLinks {
  let loop: EventLoop
  let workers: WorkerThreads
  let resolver: Resolver
  /// Where connections to trackers come from; for a family that is not among them the system chooses.
  let localAddresses: [IPAddress]
  /// How peers are reached.
  let transport: any PeerTransport
  /// The port that trackers are told.
  let port: UInt16
  /// For connecting, and again for the handshake.
  let handshakeTime: Instant.Span
  let report: (SessionEvent) -> Void
  /// Brings the result of work back to the network thread and to the torrent it belongs to.
  let deliver: @Sendable (InfoHash, WorkResult) -> Void
  /// Tells the neighbourhood of the torrent.
  let announce: (InfoHash) -> Void
}

/// What worker threads bring back.
enum WorkResult: Sendable {
  case examined(Bitfield)
  /// The content can't be read or written.
  case failed(StorageError)
  case checked(PieceIndex, PieceBuffer, SwarmCore.CheckOutcome)
}
