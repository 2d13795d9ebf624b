import Metainfo

/// Which files of a torrent are wanted, and so which pieces.
public struct FileSelection: Hashable, Sendable {
  /// For each file whether it is wanted; never a pad file (BEP 47).
  public let files: [Bool]
  /// The pieces that hold a byte of a wanted file.
  public let pieces: Bitfield
  /// Bytes of these pieces.
  public let byteCount: Int

  /// - Parameter files: for each file whether it is wanted; `nil` stands for the whole torrent.
  public init(_ files: [Bool]?, of info: Info) {
    let geometry = info.geometry
    self.files = info.files.indices.map { file in
      !info.files[file].isPadding && (files.map { file < $0.count && $0[file] } ?? true)
    }
    guard files != nil else {
      pieces = Bitfield(allOf: geometry.pieceCount)
      byteCount = geometry.totalLength
      return
    }
    var pieces = Bitfield(pieceCount: geometry.pieceCount)
    var byteCount = 0
    for file in info.files.indices where self.files[file] {
      for number in geometry.pieces(touching: info.files[file].range) {
        guard let piece = geometry.piece(number), pieces.insert(piece) else { continue }
        byteCount += geometry.length(of: piece)
      }
    }
    self.pieces = pieces
    self.byteCount = byteCount
  }
}
