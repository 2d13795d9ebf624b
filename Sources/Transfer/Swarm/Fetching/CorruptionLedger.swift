import Metainfo

/// Who sent bytes that were wrong: bans on proof only.
///
/// A piece that fails with all its blocks from one source is proof. Where several contributed, the fingerprints
/// of the blocks are kept and the piece is fetched again from one source alone; once it is right, every block that
/// has changed convicts its sender, and nobody else.
struct CorruptionLedger {
  private struct Suspicion {
    /// For every block, who sent it and the fingerprint of what came. One entry a failure.
    var attempts: [[(source: PeerSource, fingerprint: UInt64)]] = []
  }

  /// Failures of one piece that are kept: enough to convict, bounded against a swarm of liars.
  private static let attemptsKept = 4

  private var suspicions: [PieceIndex: Suspicion] = [:]

  /// A piece that came wrong and has not come right since.
  private struct WrongPiece {
    let piece: PieceIndex
    var sources: [Endpoint] = []
    /// It was told that nobody has it any more.
    var isTold = false
  }

  /// Pieces, and sources of each, that are kept for the report: it is read by people.
  private static let wrongPiecesKept = 64
  private static let sourcesKept = 16

  private var wrongPieces: [WrongPiece] = []

  var hasWrongPieces: Bool { !wrongPieces.isEmpty }

  /// The piece failed before with blocks of several sources.
  func isSuspect(_ piece: PieceIndex) -> Bool { suspicions[piece] != nil }

  /// The piece is wrong. Returns the source that is proven guilty, if there is proof.
  mutating func failed(
    _ piece: PieceIndex, sources: [PeerSource], fingerprints: [UInt64]
  ) -> PeerSource? {
    if let only = sources.first, sources.allSatisfy({ $0 == only }) { return only }
    var suspicion = suspicions[piece] ?? Suspicion()
    if suspicion.attempts.count < Self.attemptsKept {
      suspicion.attempts.append(Array(zip(sources, fingerprints)).map { (source: $0.0, fingerprint: $0.1) })
    }
    suspicions[piece] = suspicion
    return nil
  }

  /// The piece is right, with these fingerprints. Returns everyone whose earlier block differs.
  mutating func succeeded(_ piece: PieceIndex, fingerprints: [UInt64]) -> [PeerSource] {
    wrongPieces.removeAll { $0.piece == piece }
    guard let suspicion = suspicions.removeValue(forKey: piece) else { return [] }
    var guilty: [PeerSource] = []
    for attempt in suspicion.attempts {
      for (block, right) in zip(attempt, fingerprints)
      where block.fingerprint != right && !guilty.contains(block.source) {
        guilty.append(block.source)
      }
    }
    return guilty
  }

  // MARK: For the report

  /// These have sent the blocks of a piece that is wrong.
  mutating func note(_ piece: PieceIndex, cameWrongFrom sources: [Endpoint]) {
    var index = wrongPieces.firstIndex { $0.piece == piece }
    if index == nil, wrongPieces.count < Self.wrongPiecesKept {
      index = wrongPieces.count
      wrongPieces.append(WrongPiece(piece: piece))
    }
    guard let index else { return }
    wrongPieces[index].isTold = false
    for source in sources
    where wrongPieces[index].sources.count < Self.sourcesKept && !wrongPieces[index].sources.contains(source)
    {
      wrongPieces[index].sources.append(source)
    }
  }

  /// The pieces that came wrong and that are lost since the last look, each with who has sent it.
  mutating func lostPieces(where isLost: (PieceIndex) -> Bool) -> [(PieceIndex, sources: [Endpoint])] {
    var lost: [(PieceIndex, sources: [Endpoint])] = []
    for index in wrongPieces.indices {
      let isNews = !wrongPieces[index].isTold
      wrongPieces[index].isTold = isLost(wrongPieces[index].piece)
      if isNews, wrongPieces[index].isTold {
        lost.append((wrongPieces[index].piece, wrongPieces[index].sources))
      }
    }
    return lost
  }
}
