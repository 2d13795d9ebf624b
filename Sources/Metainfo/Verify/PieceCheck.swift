/// Reads pieces and compares them with what the torrent says.
struct PieceCheck<Disk: ContentDisk>: Sendable {
  let info: Info
  let disk: Disk
  let threads: Int?
  let order: ReadingOrder

  typealias Outcome = Result<PieceFinding, ContentFailure>

  /// Tells the outcome of each piece, in no certain order and on several threads at once. O(bytes).
  ///
  /// - Parameter pieces: Ascending.
  func run(
    _ pieces: [PieceIndex], at paths: ContentPaths, each: @escaping @Sendable (PieceIndex, Outcome) -> Void
  ) {
    guard !pieces.isEmpty else { return }
    let info = info
    var kinds: DigestKinds = []
    if info.format.hasPieceHashes { kinds.insert(.sha1) }
    if info.format.hasMerkleHashes { kinds.insert(.merkle) }
    let digester = PieceDigester(
      disk: disk, layout: info.layout, geometry: info.geometry, kinds: kinds, order: order
    ) { paths[$0] }
    digester.run(pieces, threads: threads) { piece, outcome in
      each(piece, outcome.map { info.finding(on: piece, $0) })
      return true
    }
  }
}

/// What reading a piece tells.
enum PieceFinding: Sendable {
  case settled(VerifyReport.PieceState)
  /// The torrent knows no digest of this piece: its root is a part of what the file's can tell.
  case part(root: InlineArray<32, UInt8>)
}

extension Info {
  /// What the digests of a piece say about it.
  fileprivate func finding(on piece: PieceIndex, _ digests: PieceDigests) -> PieceFinding {
    switch digests.answers(self, piece) {
    case (true, true), (true, nil), (nil, true): .settled(.good)
    // The very same bytes were hashed both ways.
    case (true, false), (false, true): .settled(.contradictory)
    case (nil, nil): digests.root.map { .part(root: $0) } ?? .settled(.bad)
    default: .settled(.bad)
    }
  }
}
