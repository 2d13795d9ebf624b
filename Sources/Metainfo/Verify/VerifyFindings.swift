/// What the verifier has seen of content, and what follows from it. Pure.
struct VerifyFindings: Sendable {
  /// What there is of a file.
  struct File: Hashable, Sendable {
    enum Presence: UInt8, Hashable, Sendable { case present, missing, unreadable }

    var presence: Presence
    /// Bytes on disk; -1 when that is not known.
    var length: Int

    static func present(_ length: Int) -> File { File(presence: .present, length: length) }
    static let missing = File(presence: .missing, length: -1)
    static let unreadable = File(presence: .unreadable, length: -1)
  }

  let info: Info
  /// `nil` is not yet known.
  private(set) var pieces: [VerifyReport.PieceState?]
  private(set) var files: [File]
  /// Why files are missing or unreadable, by number.
  private(set) var reasons: [Int: String] = [:]
  /// The file in which the reading of a piece failed.
  private var failures: [Int: Int] = [:]
  /// Pieces that hold bytes of more than one real file.
  private let shared: PieceSet
  /// Of files whose pieces have no digest in the torrent: the roots of their pieces, as far as they are read.
  private var layers: [Int: FileLayer] = [:]
  /// The names of files that are found under equivalent ones.
  var foundAs: [Int: [String]] = [:]
  /// The paths of files that are found elsewhere.
  private(set) var foundAt: [Int: String] = [:]
  var searchProblems: [String] = []

  /// - Parameter files: What there is of each file of the layout; a pad file is present in full.
  init(_ info: Info, files: [File], reasons: [Int: String] = [:]) {
    self.info = info
    self.files = files
    self.reasons = reasons
    pieces = [VerifyReport.PieceState?](repeating: nil, count: info.geometry.pieceCount)
    shared = PieceSet(sharedIn: info)
    settleGaps()
  }

  /// Pieces that touch bytes that are not there can't be read. O(files + pieces).
  private mutating func settleGaps() {
    for number in files.indices {
      let length = info.files[number].length
      let available = available(number)
      guard available < length else { continue }
      let offset = info.files[number].offset
      for piece in info.geometry.pieces(touching: offset + available..<offset + length)
      where pieces[piece] != .good {
        pieces[piece] = .missing
      }
    }
  }

  /// Bytes of the file, of those that the torrent has, that are on disk.
  private func available(_ file: Int) -> Int {
    min(max(0, files[file].length), info.files[file].length)
  }

  func isShared(_ piece: Int) -> Bool { shared.contains(piece) }

  /// The pieces that a file has to itself, pad files not counted.
  func ownPieces(of file: Int) -> Range<Int> {
    var range = info.geometry.pieces(touching: info.files[file].range)
    if let first = range.first, isShared(first) { range = first + 1..<range.upperBound }
    if let last = range.last, isShared(last) { range = range.lowerBound..<last }
    return range
  }

  /// Pieces whose every byte is on disk, as far as lengths tell, and that were not yet read.
  var readable: [PieceIndex] {
    pieces.indices.filter { pieces[$0] == nil }.map { PieceIndex(unchecked: $0) }
  }

  /// Bytes of pieces about which all is known.
  var settledLength: Int {
    info.geometry.pieces.reduce(0) { pieces[$1.value] == nil ? $0 : $0 + info.geometry.length(of: $1) }
  }

  mutating func settle(_ piece: PieceIndex, _ state: VerifyReport.PieceState) {
    pieces[piece.value] = state
    failures[piece.value] = nil
  }

  /// A piece was read of whose digest the torrent knows nothing: once all of its file are, the file's root tells whether
  /// they are right, all of them together. O(1), and O(pieces of the file) for the last.
  mutating func note(_ root: InlineArray<32, UInt8>, of piece: PieceIndex) {
    let file = info.layout.files.firstFile(endingAfter: info.geometry.offset(of: piece))
    let pieces = info.geometry.pieces(touching: info.files[file].range)
    guard pieces.contains(piece.value) else { return }
    layers[file, default: FileLayer(pieceCount: pieces.count)].note(root, at: piece.value - pieces.lowerBound)
    guard let whole = layers[file], whole.isRead else { return }
    layers[file] = nil
    let isRight = info.merkle?.root(of: file).map {
      whole.hasRoot($0, pieceLength: info.geometry.pieceLength)
    }
    for number in pieces { settle(PieceIndex(unchecked: number), isRight == true ? .good : .bad) }
  }

  /// Reading the piece failed at a file, of which this is known now.
  mutating func fail(_ piece: PieceIndex, at number: Int, _ file: File, _ reason: String?) {
    pieces[piece.value] = .missing
    failures[piece.value] = number
    files[number] = file
    reasons[number] = reason
  }

  /// Files were found elsewhere, in full. Their pieces and those of their neighbours are to be read again, except
  /// for those that match already. O(files + pieces).
  mutating func find(_ found: [Int: String]) {
    for (number, path) in found {
      let entry = info.files[number]
      files[number] = .present(entry.length)
      reasons[number] = nil
      foundAs[number] = nil
      foundAt[number] = path
      layers[number] = nil
      for piece in info.geometry.pieces(touching: entry.range) where pieces[piece] != .good {
        pieces[piece] = nil
      }
    }
    failures = failures.filter { found[$0.value] == nil }
    for piece in failures.keys { pieces[piece] = .missing }
    settleGaps()
  }
}

extension VerifyFindings {
  /// O(pieces + files).
  var report: VerifyReport {
    VerifyReport(
      // What was left unread is unknown like what could not be read.
      states: pieces.map { $0 ?? .missing },
      files: files.indices.lazy.filter { !info.files[$0].isPadding }.map { report(on: $0) },
      searchProblems: searchProblems)
  }

  /// Whether there is nothing to complain about in a file.
  func isFine(_ number: Int) -> Bool {
    let (file, entry) = (files[number], info.files[number])
    return file.presence == .present && file.length == entry.length
      && info.geometry.pieces(touching: entry.range).allSatisfy {
        pieces[$0] != .bad && pieces[$0] != .contradictory
      }
  }

  /// Whether a file has its length and all its own pieces are good, so that nothing but shared pieces can be amiss.
  func isRightByItself(_ number: Int) -> Bool {
    files[number].presence == .present && files[number].length == info.files[number].length
      && ownPieces(of: number).allSatisfy { pieces[$0] == .good }
  }

  private func report(on number: Int) -> VerifyReport.File {
    let (file, entry) = (files[number], info.files[number])
    let start = entry.offset
    let available = file.presence == .missing ? 0 : available(number)
    var bad = ByteRanges()
    var suspect = ByteRanges()
    var unverified = ByteRanges()
    for piece in info.geometry.pieces(touching: start..<start + available) where pieces[piece] != .good {
      let index = PieceIndex(unchecked: piece)
      let offset = info.geometry.offset(of: index)
      let part = (offset..<offset + info.geometry.length(of: index)).clamped(to: start..<start + available)
      let range = part.lowerBound - start..<part.upperBound - start
      switch pieces[piece] {
      case .bad, .contradictory:
        bad.append(range)
        if isShared(piece) { suspect.append(range) }
      case .good, .missing, nil:
        if failures[piece] == number { bad.append(range) } else { unverified.append(range) }
      }
    }
    bad.append(available..<entry.length)
    return VerifyReport.File(
      path: entry.path, status: status(of: file, entry.length, isBad: !bad.ranges.isEmpty),
      length: entry.length, lengthOnDisk: file.length < 0 ? nil : file.length, badRanges: bad.ranges,
      suspectRanges: suspect.ranges, unverifiedRanges: unverified.ranges, reason: reasons[number],
      foundAs: foundAs[number], foundAt: foundAt[number])
  }

  private func status(of file: File, _ length: Int, isBad: Bool) -> VerifyReport.FileStatus {
    switch file.presence {
    case .missing: .missing
    case .unreadable: .unreadable
    case .present:
      if file.length < length {
        .short
      } else if file.length > length {
        .long
      } else {
        isBad ? .corrupt : .ok
      }
    }
  }
}

/// Ranges that are appended in order; what touches becomes one.
private struct ByteRanges {
  private(set) var ranges: [Range<Int>] = []

  mutating func append(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    if let last = ranges.last, last.upperBound == range.lowerBound {
      ranges[ranges.count - 1] = last.lowerBound..<range.upperBound
    } else {
      ranges.append(range)
    }
  }
}
