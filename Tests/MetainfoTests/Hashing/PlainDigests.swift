@testable import Metainfo

/// What the engine must find, computed without steps, lanes or threads, straight from BEP 3 and BEP 52.
struct PlainDigests: Equatable {
  var sha1: [[UInt8]] = []
  var roots: [[UInt8]] = []

  /// - Parameter files: The bytes of every file of the layout; zeros for pad files.
  init(_ files: [[UInt8]], layout: FileLayout, geometry: PieceGeometry, kinds: DigestKinds) {
    let content = files.flatMap { $0 }
    for piece in geometry.pieces {
      let start = geometry.offset(of: piece)
      let bytes = content[start..<start + geometry.length(of: piece)]
      if kinds.contains(.sha1) { sha1.append(SHA1.digest(of: bytes).array) }
      guard kinds.contains(.merkle) else { continue }
      // The file that starts at this piece or before it, and is not over.
      guard let file = layout.files.first(where: { $0.range.contains(start) && !$0.isPadding }) else {
        continue
      }
      let ownBytes = bytes.prefix(file.range.upperBound - start)
      var leaves = stride(from: ownBytes.startIndex, to: ownBytes.endIndex, by: 16_384).map {
        SHA256.digest(of: ownBytes[$0..<min($0 + 16_384, ownBytes.endIndex)]).array
      }
      let blocks = (min(file.length, geometry.pieceLength) + 16_383) / 16_384
      var width = 1
      while width < blocks { width *= 2 }
      while leaves.count < width { leaves.append([UInt8](repeating: 0, count: 32)) }
      while leaves.count > 1 {
        leaves = stride(from: 0, to: leaves.count, by: 2).map {
          SHA256.digest(of: leaves[$0] + leaves[$0 + 1]).array
        }
      }
      roots.append(leaves[0])
    }
  }

  /// Takes what the engine told, in whatever order.
  init?(_ outcomes: [Int: PieceDigester<ContentFiles<MemoryDisk>>.Outcome], count: Int) {
    for piece in 0..<count {
      guard case .success(let digests)? = outcomes[piece] else { return nil }
      if let digest = digests.sha1 { sha1.append(digest.array) }
      if let root = digests.root { roots.append(root.array) }
    }
  }
}

extension InlineArray where Element == UInt8 {
  var array: [UInt8] { indices.map { self[$0] } }
}
