/// The roots of a file's pieces (BEP 52), until all are there and lead to the file's own.
struct FileLayer: Sendable {
  /// 32 bytes for each piece.
  private var layer: [UInt8]
  private var isKnown: [Bool]
  private var unread: Int

  init(pieceCount: Int) {
    layer = [UInt8](repeating: 0, count: pieceCount * MerkleHashes.length)
    isKnown = [Bool](repeating: false, count: pieceCount)
    unread = pieceCount
  }

  var isRead: Bool { unread == 0 }

  mutating func note(_ root: InlineArray<32, UInt8>, at piece: Int) {
    for index in root.indices { layer[piece * MerkleHashes.length + index] = root[index] }
    if !isKnown[piece] { unread -= 1 }
    isKnown[piece] = true
  }

  /// O(pieces).
  func hasRoot(_ root: ArraySlice<UInt8>, pieceLength: Int) -> Bool {
    let digest = MerkleTree.root(ofPieceLayer: layer[...], pieceLength: pieceLength)
    return root.elementsEqual(digest.indices.lazy.map { digest[$0] })
  }
}
