import Metainfo
import Platform

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// What is on disk at the start.
extension Payload {
  /// Hashes the pieces that are on disk, and says of each whether it is good: read alone, up to here. Then a
  /// download makes sure that it overwrites nothing of anybody else's, and that what is missing fits the disk, and
  /// puts the files in order: complete ones get their names and lengths, and one that has its final name and is not
  /// complete goes on under the partial one.
  ///
  /// Files that are not wanted are nobody's business: one is moved to its partial name only when it is this
  /// torrent's and a piece that is to be fetched has bytes for it.
  ///
  /// Holes are not read: the digest of zeros is known.
  ///
  /// - Parameter threads: how many hash; `nil` is one for each processor.
  /// - Returns: the pieces that are good.
  func examine(threads: Int? = nil) throws(StorageError) -> Bitfield {
    try using { () throws(StorageError) in try examineAndSettle(threads) }
  }

  private func examineAndSettle(_ threads: Int?) throws(StorageError) -> Bitfield {
    let survey = try survey(threads)
    let good = state.withLock { $0.verified }
    guard case .downloading(let overwrites) = purpose else { return good }
    try checkNames()
    if !overwrites { try survey.refuseForeignFiles(self) }
    try survey.checkRoom(self)
    try settle(survey)
    return good
  }

  /// Looks at every file, and hashes the pieces that are there. Changes nothing.
  func survey(_ threads: Int? = nil) throws(StorageError) -> Survey {
    var survey = try Survey(self)
    var zeros = ZeroPieces(self)
    var unread: [PieceIndex] = []
    for piece in info.geometry.pieces where survey.isReadable(piece, self) {
      if isGivenUp { throw .closed }
      if survey.mayBeHole(piece, self), try zeros.contain(piece) {
        note(piece, isGood: zeros.match(piece), &survey)
      } else {
        unread.append(piece)
      }
    }
    guard !unread.isEmpty else { return survey }
    let hashed = Lock(survey)
    try digest(unread, in: .suited(to: survey.devices), threads: threads) { [self] piece, isGood in
      hashed.withLock { note(piece, isGood: isGood, &$0) }
    }
    return hashed.withLock { $0 }
  }

  private func note(_ piece: PieceIndex, isGood: Bool, _ survey: inout Survey) {
    survey.note(piece, isGood: isGood, self)
    if isGood { markVerified(piece) }
  }

  private func settle(_ survey: Survey) throws(StorageError) {
    // What was opened to be read is about to get other names, and to be written.
    pool.close(holder)
    let files = info.files
    for file in files.indices where !files.isPadding(file) && files.length(of: file) > 0 {
      let (place, remaining) = state.withLock { ($0.files[file].place, $0.files[file].remaining) }
      if !selection.files[file] {
        guard place == .final, remaining > 0, isToBeWritten(file) else { continue }
        // Another's file stays, and the bytes go beside it.
        guard survey.hasGoodPiece[file] else {
          try findPart(of: file)
          continue
        }
        state.withLock { $0.files[file].getsName = true }
      }
      switch place {
      case .absent:
        continue
      case .final where remaining > 0:
        try demote(file, replaces: true)
      case .final:
        // A right file is not touched.
        if survey.sizes[file] != files.length(of: file) { _ = try finish(file) }
      case .partial:
        if remaining == 0 { _ = try finish(file) }
      }
    }
    _ = try finishEmptyFiles()
    noteCompletion()
  }

  /// The file goes on under its partial name, whatever has the final one.
  private func findPart(of file: Int) throws(StorageError) {
    let status = try withDirectory(of: file, creating: false) { folder throws(StorageError) -> FileStatus? in
      try self.status(of: file, named: paths.partialName(of: file), in: folder)
    }
    state.withLock { state in
      state.files[file].place = status == nil ? .absent : .partial
      state.files[file].stamp = status.map { FileStamp($0) } ?? .unknown
    }
  }

  /// Whether a piece that is wanted and missing touches the file.
  func isToBeWritten(_ file: Int) -> Bool {
    info.geometry.pieces(touching: info.files.range(of: file)).contains { number in
      let piece = PieceIndex(unchecked: number)
      return selection.pieces.contains(piece) && !isVerified(piece)
    }
  }
}
