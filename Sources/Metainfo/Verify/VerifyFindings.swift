/// What the verifier has seen, and the report that follows from it. Pure.
struct VerifyFindings: Sendable {
  enum Piece: UInt8, Sendable { case unseen, good, bad, missing }

  enum File: Hashable, Sendable {
    /// A file of so many bytes.
    case present(Int)
    case missing(String)
    case unreadable(String)
  }

  private let info: Info
  var pieces: [Piece]
  var files: [File]

  init(_ info: Info, files: [File]) {
    self.info = info
    self.files = files
    pieces = [Piece](repeating: .unseen, count: info.geometry.pieceCount)
    for (entry, file) in zip(info.files, files) {
      let available =
        switch file {
        case .present(let length): min(length, entry.length)
        case .missing, .unreadable: 0
        }
      for piece in info.geometry.pieces(touching: entry.offset + available..<entry.range.upperBound) {
        pieces[piece] = .missing
      }
    }
  }

  /// Pieces whose every byte is on disk, as far as lengths tell.
  var readable: [PieceIndex] {
    pieces.indices.filter { pieces[$0] == .unseen }.map { PieceIndex(unchecked: $0) }
  }

  /// Bytes of pieces about which all is known.
  var settledLength: Int {
    info.geometry.pieces.reduce(0) { pieces[$1.value] == .unseen ? $0 : $0 + info.geometry.length(of: $1) }
  }

  /// O(pieces + files).
  var report: VerifyReport {
    VerifyReport(
      pieces: VerifyReport.Pieces(
        total: pieces.count, good: pieces.count { $0 == .good }, bad: pieces.count { $0 == .bad },
        missing: pieces.count { $0 == .missing }),
      badPieces: pieces.indices.filter { pieces[$0] == .bad }.map { PieceIndex(unchecked: $0) },
      files: zip(info.files, files).filter { !$0.0.isPadding }.map { report(on: $0, $1) })
  }

  private func report(on entry: FileEntry, _ file: File) -> VerifyReport.File {
    var status = VerifyReport.FileStatus.ok
    var reason: String?
    var lengthOnDisk: Int?
    switch file {
    case .missing(let why): (status, reason) = (.missing, why)
    case .unreadable(let why): (status, reason) = (.unreadable, why)
    case .present(let length):
      lengthOnDisk = length
      if length < entry.length { status = .short }
      if length > entry.length { status = .long }
    }
    let isIncomplete = status == .missing || status == .unreadable || status == .short
    var bad: [Range<Int>] = []
    var unverified: [Range<Int>] = []
    for piece in info.geometry.pieces(touching: entry.range) where pieces[piece] != .good {
      let index = PieceIndex(unchecked: piece)
      let start = info.geometry.offset(of: index)
      let part = (start..<start + info.geometry.length(of: index)).clamped(to: entry.range)
      let range = part.lowerBound - entry.offset..<part.upperBound - entry.offset
      if pieces[piece] == .bad || isIncomplete {
        Self.append(range, to: &bad)
      } else {
        Self.append(range, to: &unverified)
      }
      if pieces[piece] == .bad, status == .ok { status = .corrupt }
    }
    return VerifyReport.File(
      path: entry.path, status: status, length: entry.length, lengthOnDisk: lengthOnDisk, badRanges: bad,
      unverifiedRanges: unverified, reason: reason)
  }

  private static func append(_ range: Range<Int>, to ranges: inout [Range<Int>]) {
    if let last = ranges.last, last.upperBound == range.lowerBound {
      ranges[ranges.count - 1] = last.lowerBound..<range.upperBound
    } else {
      ranges.append(range)
    }
  }
}
