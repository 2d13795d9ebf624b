/// The digests of all pieces of new content, by number: what goes into a torrent of it. Pure.
struct PieceTable: Sendable {
  /// SHA-1 digests, 20 bytes a piece; `nil` for version 2 alone.
  private(set) var sha1: [UInt8]?
  /// Roots of trees, 32 bytes a piece; `nil` for version 1 alone.
  private(set) var layer: [UInt8]?

  /// Zeros for every piece. 20 bytes, 32 or 52 for each.
  init(kinds: DigestKinds, pieceCount: Int) {
    if kinds.contains(.sha1) { sha1 = [UInt8](repeating: 0, count: pieceCount * SHA1.length) }
    if kinds.contains(.merkle) { layer = [UInt8](repeating: 0, count: pieceCount * SHA256.length) }
  }

  /// Puts in what a piece hashes to. Pieces may come in any order; the table grows when there are more than was said.
  mutating func set(_ piece: PieceIndex, _ digests: PieceDigests) {
    if let digest = digests.sha1 { Self.put(digest.span, at: piece.value, into: &sha1) }
    if let root = digests.root { Self.put(root.span, at: piece.value, into: &layer) }
  }

  private static func put(_ digest: Span<UInt8>, at number: Int, into table: inout [UInt8]?) {
    let start = number * digest.count
    let missing = start + digest.count - (table?.count ?? 0)
    if missing > 0 { table?.append(contentsOf: repeatElement(0, count: missing)) }
    for index in digest.indices { table?[start + index] = digest[index] }
  }

  /// The trees with the roots of the files; `nil` for version 1 alone. O(files + pieces).
  func merkle(layout: FileLayout, geometry: PieceGeometry) -> MerkleHashes? {
    guard let layer else { return nil }
    var roots = [UInt8](repeating: 0, count: layout.files.count * SHA256.length)
    for (number, file) in layout.files.enumerated() where file.length > 0 && !file.isPadding {
      let pieces = geometry.pieces(touching: file.range)
      let row = layer[pieces.lowerBound * SHA256.length..<pieces.upperBound * SHA256.length]
      if pieces.count == 1 {
        roots.replaceSubrange(number * SHA256.length..<(number + 1) * SHA256.length, with: row)
      } else {
        let root = MerkleTree.root(ofPieceLayer: row, pieceLength: geometry.pieceLength)
        for index in root.indices { roots[number * SHA256.length + index] = root[index] }
      }
    }
    return MerkleHashes(layer: layer, roots: roots)
  }
}
