import Metainfo

/// How a torrent of a session stands at one moment.
public struct TorrentSnapshot: Sendable {
  /// What the torrent is at.
  public enum Phase: Hashable, Sendable {
    /// Its files are being looked for.
    case opening
    /// What is on disk is being compared with its digests.
    case examining
    /// It gives, and takes what is missing.
    case running
    /// It keeps its place in the session, and does nothing.
    case paused
    /// It has stopped for this reason.
    case failed(TransferError)
    case removed
  }

  public let id: TorrentID
  /// The torrent's own name. Not escaped.
  public let name: String
  public let phase: Phase
  /// It was added to be uploaded, and fetches nothing.
  public let isSeed: Bool
  /// `nil` until the content has been examined.
  public let progress: TransferProgress?
}

/// How far one file of a torrent is.
public struct FileProgress: Hashable, Sendable {
  /// Bytes of the file, and those of them that lie in verified pieces.
  public let length: Int
  public let done: Int
  /// It is among those that are fetched.
  public let isWanted: Bool
}

/// One connected peer of a torrent at one moment.
public struct PeerSnapshot: Sendable {
  public let endpoint: Endpoint
  /// Its program and version, as far as its id tells.
  public let client: String
  /// This side has dialed.
  public let isOutgoing: Bool
  /// Bytes per second from it and to it, over the last few seconds.
  public let downRate: Int
  public let upRate: Int
  /// Pieces that it has.
  public let pieceCount: Int
  /// It wants something of this side; it may not have it at the moment.
  public let isInterested: Bool
  public let isChoked: Bool
  /// This side wants something of it; it does not give it at the moment.
  public let areWeInterested: Bool
  public let isChokingUs: Bool
}

/// What a download came to.
public struct TransferSummary: Hashable, Sendable {
  /// Since the content on disk was examined.
  public let seconds: Double
  /// Bytes of the wanted pieces.
  public let bytes: Int
  /// Bytes that came in vain.
  public let wasted: Int
}

extension SessionTorrent {
  func snapshot(at now: Instant) -> TorrentSnapshot {
    TorrentSnapshot(
      id: id, name: torrent.info.name.name, phase: phase.shown, isSeed: purpose.isSeeding,
      progress: progress(at: now))
  }

  private func progress(at now: Instant) -> TransferProgress? {
    switch phase {
    case .running(let runner): return runner.snapshot(at: now)
    case .paused(let payload, let have):
      let missing = payload.selection.pieces.subtracting(have)
      return TransferProgress(
        done: payload.selection.byteCount - torrent.info.geometry.byteCount(of: missing),
        total: payload.selection.byteCount, downRate: 0, upRate: 0, downloaded: 0, uploaded: 0, peers: 0,
        pieces: have)
    case .opening, .examining, .failed, .removed: return nil
    }
  }

  /// Empty until the content has been examined. O(files + pieces).
  func fileProgress() -> [FileProgress] {
    let (payload, have): (Payload, Bitfield)
    switch phase {
    case .running(let runner): (payload, have) = (runner.payload, runner.core.have)
    case .paused(let paused, let pieces): (payload, have) = (paused, pieces)
    case .opening, .examining, .failed, .removed: return []
    }
    let geometry = torrent.info.geometry
    return torrent.info.files.indices.map { index in
      let range = torrent.info.files[index].range
      let done = geometry.pieces(touching: range).reduce(0) { sum, number in
        guard let piece = geometry.piece(number), have.contains(piece) else { return sum }
        let start = geometry.offset(of: piece)
        return sum + range.clamped(to: start..<start + geometry.length(of: piece)).count
      }
      return FileProgress(length: range.count, done: done, isWanted: payload.selection.files[index])
    }
  }
}

extension PieceGeometry {
  /// Bytes of these pieces. O(short pieces)
  func byteCount(of pieces: Bitfield) -> Int {
    guard !pieces.isEmpty else { return 0 }
    return shortPieces.reduce(pieces.count * pieceLength) { bytes, piece in
      pieces.contains(piece) ? bytes - (pieceLength - length(of: piece)) : bytes
    }
  }
}

extension SwarmCore {
  mutating func peerSnapshots(at now: Instant) -> [PeerSnapshot] {
    var snapshots: [PeerSnapshot] = []
    for key in peers.keys {
      let downRate = peers[key]?.supply.download.rate(at: now) ?? 0
      let upRate = peers[key]?.demand.upload.rate(at: now) ?? 0
      guard let peer = peers[key] else { continue }
      snapshots.append(
        PeerSnapshot(
          endpoint: peer.endpoint, client: peer.id.client, isOutgoing: peer.isOutgoing, downRate: downRate,
          upRate: upRate, pieceCount: peer.has.count, isInterested: peer.demand.isInterested,
          isChoked: peer.demand.isChoked, areWeInterested: peer.supply.areWeInterested,
          isChokingUs: peer.supply.isChokingUs))
    }
    return snapshots
  }
}
