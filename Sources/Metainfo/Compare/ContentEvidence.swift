/// What the digests of two torrents prove about one file in each, of the same length.
struct ContentEvidence: Hashable, Sendable {
  /// Bytes at the same place in both files that a digest proves to be equal.
  var identical = 0
  /// Bytes that differ somewhere, or may: they are in pieces whose digests differ.
  var differing = 0
  /// Of those, bytes of pieces that lie in this file alone, so that it is this file that differs.
  var provenDifferent = 0
  /// Bytes of which the digests say nothing, because they were taken over other cuts.
  var unknown = 0

  var isIdentical: Bool { differing == 0 && unknown == 0 }
  var isDifferent: Bool { provenDifferent > 0 }
  /// Every piece that lies wholly in the file is the same, and there is at least one: the ends, which it shares with
  /// its neighbours, are likely to be.
  var isLikelySame: Bool { provenDifferent == 0 && unknown == 0 && identical > 0 }
}

/// Holds the digests of two torrents against each other.
struct ContentComparer {
  let a: Info
  let b: Info
  /// How they can be compared, or why not.
  let method: Method

  enum Method: Hashable, Sendable {
    /// Both have hash trees (BEP 52): whole files by their roots, parts of them by pieces of equal length.
    case trees
    /// Both have SHA-1 digests of pieces of equal length.
    case pieces
    case none(String)
  }

  init(_ a: Info, _ b: Info) {
    self.a = a
    self.b = b
    if a.merkle != nil, b.merkle != nil {
      method = .trees
    } else if a.format.hasPieceHashes, b.format.hasPieceHashes {
      let (p, q) = (a.geometry.pieceLength, b.geometry.pieceLength)
      method = p == q ? .pieces : .none("pieces of \(p) and \(q) bytes can't be compared")
    } else {
      method = .none("the digests of \(a.format.rawValue) and \(b.format.rawValue) can't be compared")
    }
  }

  /// - Parameters: `i` and `j` are the files' numbers; their lengths may differ.
  func evidence(_ i: Int, _ j: Int) -> ContentEvidence {
    let (fileA, fileB) = (a.files[i], b.files[j])
    let length = min(fileA.length, fileB.length)
    guard length > 0 else { return ContentEvidence() }
    switch method {
    case .none: return ContentEvidence(unknown: length)
    case .pieces: return pieces(fileA, fileB, length)
    case .trees: return trees(i, j, length)
    }
  }

  private func pieces(_ fileA: FileEntry, _ fileB: FileEntry, _ length: Int) -> ContentEvidence {
    let pieceLength = a.geometry.pieceLength
    guard fileA.offset % pieceLength == fileB.offset % pieceLength else {
      return ContentEvidence(unknown: length)
    }
    var evidence = ContentEvidence()
    let shift = fileB.offset / pieceLength - fileA.offset / pieceLength
    for index in a.geometry.pieces(touching: fileA.offset..<fileA.offset + length) {
      guard let p = a.geometry.piece(index), let q = b.geometry.piece(index + shift) else { continue }
      let start = max(a.geometry.offset(of: p), fileA.offset)
      let end = min(a.geometry.offset(of: p) + pieceLength, fileA.offset + length)
      if a.geometry.length(of: p) == b.geometry.length(of: q), a.hash(of: p) == b.hash(of: q) {
        evidence.identical += end - start
      } else {
        evidence.differing += end - start
        let isWithin =
          a.geometry.offset(of: p) >= fileA.offset
          && a.geometry.offset(of: p) + a.geometry.length(of: p) <= fileA.offset + length
          && b.geometry.length(of: q) == a.geometry.length(of: p)
        if isWithin { evidence.provenDifferent += end - start }
      }
    }
    return evidence
  }

  private func trees(_ i: Int, _ j: Int, _ length: Int) -> ContentEvidence {
    guard let merkleA = a.merkle, let merkleB = b.merkle else { return ContentEvidence(unknown: length) }
    let (fileA, fileB) = (a.files[i], b.files[j])
    if fileA.length == fileB.length, merkleA.root(of: i) == merkleB.root(of: j) {
      return ContentEvidence(identical: length)
    }
    let pieceLength = a.geometry.pieceLength
    guard pieceLength == b.geometry.pieceLength, fileA.offset % pieceLength == 0,
      fileB.offset % pieceLength == 0
    else {
      let differ = fileA.length == fileB.length ? length : 0
      return ContentEvidence(differing: differ, provenDifferent: differ, unknown: length - differ)
    }
    var evidence = ContentEvidence()
    var position = 0
    while position < length {
      let bytes = min(pieceLength, length - position)
      let (p, q) = ((fileA.offset + position) / pieceLength, (fileB.offset + position) / pieceLength)
      let (hashA, hashB) = (
        a.geometry.piece(p).map(merkleA.hash) ?? [], b.geometry.piece(q).map(merkleB.hash) ?? []
      )
      if hashA.isEmpty || hashB.isEmpty {
        evidence.unknown += bytes
      } else if hashA == hashB,
        min(pieceLength, fileA.length - position) == min(pieceLength, fileB.length - position)
      {
        evidence.identical += bytes
      } else {
        evidence.differing += bytes
        evidence.provenDifferent += bytes
      }
      position += pieceLength
    }
    return evidence
  }

  /// What two files have in common that are one under two names; `nil` for a file that nothing can be told of.
  struct Fingerprint: Hashable {
    let length: Int
    /// Where in a piece it starts; 0 for hash trees.
    let alignment: Int
    let digest: ArraySlice<UInt8>
  }

  /// Equal for files that may be the same, and most likely for no others. O(1).
  func fingerprint(of file: Int, in info: Info) -> Fingerprint? {
    let entry = info.files[file]
    guard entry.length > 0 else { return nil }
    switch method {
    case .none: return nil
    case .trees:
      return info.merkle?.root(of: file).map { Fingerprint(length: entry.length, alignment: 0, digest: $0) }
    case .pieces:
      let pieceLength = info.geometry.pieceLength
      let touching = info.geometry.pieces(touching: entry.range)
      let inner = (entry.offset + pieceLength - 1) / pieceLength
      let isInside = min((inner + 1) * pieceLength, info.geometry.totalLength) <= entry.range.upperBound
      guard let piece = info.geometry.piece(isInside ? inner : touching.lowerBound) else { return nil }
      return Fingerprint(
        length: entry.length, alignment: entry.offset % pieceLength, digest: info.hash(of: piece))
    }
  }
}
