/// Reads pieces and compares them with what the torrent says.
struct PieceCheck<Disk: ContentDisk>: Sendable {
  let info: Info
  let disk: Disk
  let threads: Int?
  let order: ReadingOrder

  typealias Outcome = Result<VerifyReport.PieceState, ContentFailure>

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
      each(piece, outcome.map { info.state(of: piece, $0) })
      return true
    }
  }
}

extension Info {
  /// What the digests of a piece say about it.
  func state(of piece: PieceIndex, _ digests: PieceDigests) -> VerifyReport.PieceState {
    let v1 = digests.sha1.map { Self.equal($0, hash(of: piece)) }
    let v2 = digests.root.map { Self.equal($0, merkle?.hash(of: piece) ?? []) }
    switch (v1, v2) {
    case (true, true), (true, nil), (nil, true): return .good
    // The very same bytes were hashed both ways.
    case (true, false), (false, true): return .contradictory
    default: return .bad
    }
  }

  private static func equal<let count: Int>(
    _ digest: InlineArray<count, UInt8>, _ expected: ArraySlice<UInt8>
  ) -> Bool {
    guard expected.count == count else { return false }
    for (index, byte) in zip(digest.indices, expected) where digest[index] != byte { return false }
    return true
  }
}
