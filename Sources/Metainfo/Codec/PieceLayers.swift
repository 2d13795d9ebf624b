import Bencode
import Text

/// The `piece layers` of a torrent (BEP 52): for each file that is longer than a piece, the digests of its
/// pieces, found by the root of its hash tree.
struct PieceLayers {
  private let layers: [ArraySlice<UInt8>: BencodeNode]
  private let geometry: PieceGeometry
  /// Pieces without a digest that a torrent may have: twice as many as clients load of any kind.
  static let maximumUnknown = 1 << 22

  init(_ node: BencodeNode?, geometry: PieceGeometry) throws(MetainfoError) {
    self.geometry = geometry
    guard let node else {
      layers = [:]
      return
    }
    guard node.kind == .dictionary else {
      throw MetainfoError(.malformed, field: "piece layers", "not a dictionary")
    }
    var layers: [ArraySlice<UInt8>: BencodeNode] = [:]
    for (root, layer) in node.entries { layers[root] = layer }
    self.layers = layers
  }

  /// The digests of all pieces and files. Every layer must give the root it is filed under, and that must be a file's; a
  /// layer may be missing. O(pieces + files).
  ///
  /// - Parameter files: Those of `tree` in the same order, and pad files between them.
  func hashes(of tree: [FileTreeDecoder.File], in files: FileList) throws(MetainfoError) -> MerkleHashes {
    let length = MerkleHashes.length
    var layer: [UInt8] = []
    var roots: [UInt8] = []
    roots.reserveCapacity(files.count * length)
    var position = 0
    var used: Set<ArraySlice<UInt8>> = []
    var gaps: [Range<Int>] = []
    var unknown = 0
    for file in files {
      guard !file.isPadding, position < tree.count else {
        roots.append(contentsOf: repeatElement(0, count: length))
        continue
      }
      defer { position += 1 }
      guard let root = tree[position].root else {
        roots.append(contentsOf: repeatElement(0, count: length))
        continue
      }
      roots += root
      guard file.length > geometry.pieceLength else {
        layer += root
        continue
      }
      if let known = try self.layer(root, of: file) {
        layer += known
        used.insert(root)
      } else {
        let pieces = geometry.pieces(touching: file.range)
        gaps.append(pieces)
        unknown += pieces.count
      }
    }
    // What is listed is bounded by the document; this is not.
    guard unknown <= Self.maximumUnknown else {
      throw MetainfoError(
        .malformed, field: "piece layers", "missing for \(unknown) pieces, more than \(Self.maximumUnknown)")
    }
    guard used.count == layers.count else {
      throw MetainfoError(.malformed, field: "piece layers", "one that is no file's")
    }
    return MerkleHashes(layer: layer, roots: roots, gaps: gaps)
  }

  /// `nil` for a file that has none.
  private func layer(
    _ root: ArraySlice<UInt8>, of file: FileEntry
  ) throws(MetainfoError) -> ArraySlice<UInt8>? {
    let name = Escaping.escaped(file.path.description)
    func malformed(_ reason: String) -> MetainfoError {
      MetainfoError(.malformed, field: "piece layers", "\(name): \(reason)")
    }
    guard let node = layers[root] else { return nil }
    guard let layer = node.string else { throw malformed("not a string") }
    let count = (file.length - 1) / geometry.pieceLength + 1
    guard layer.count == count * MerkleHashes.length else {
      throw malformed("\(layer.count) bytes, \(count * MerkleHashes.length) needed for \(count) pieces")
    }
    let digest = MerkleTree.root(ofPieceLayer: layer, pieceLength: geometry.pieceLength)
    guard root.elementsEqual(digest.indices.lazy.map { digest[$0] }) else {
      throw malformed("does not lead to the root of the file")
    }
    return layer
  }
}
