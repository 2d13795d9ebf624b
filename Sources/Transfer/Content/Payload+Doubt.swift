import Metainfo
import Platform

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// What becomes of pieces whose files somebody else has changed.
extension Payload {
  /// Compares what a file is like with what it was like when it was looked at last, and doubts its pieces if it has
  /// changed; says so. O(1), and O(pieces of the file) when it has.
  @discardableResult
  func look(at file: Int, _ status: FileStatus) -> Bool {
    let stamp = FileStamp(status)
    return state.withLock { state in
      guard state.files[file].stamp != stamp else { return false }
      let isFirst = state.files[file].stamp == .unknown
      state.files[file].stamp = stamp
      if !isFirst { doubt(file, &state) }
      return !isFirst
    }
  }

  private func doubt(_ file: Int, _ state: inout State) {
    for number in info.geometry.pieces(touching: info.files.range(of: file)) {
      let piece = PieceIndex(unchecked: number)
      if state.verified.contains(piece) { state.doubted.insert(piece) }
    }
  }

  /// The doubted pieces that touch the file. O(pieces of the file) if there are any in the torrent, else O(1).
  func doubted(in file: Int) -> [PieceIndex] {
    state.withLock { state in
      guard !state.doubted.isEmpty else { return [] }
      return info.geometry.pieces(touching: info.files.range(of: file)).lazy
        .map { PieceIndex(unchecked: $0) }.filter { state.doubted.contains($0) }
    }
  }

  /// Reads doubted pieces again.
  /// - Returns: those that are lost.
  func recheck(_ pieces: [PieceIndex]) throws(StorageError) -> [PieceIndex] {
    guard !pieces.isEmpty else { return [] }
    var lost: [PieceIndex] = []
    for piece in pieces {
      if try isStillRight(piece) {
        state.withLock { _ = $0.doubted.remove(piece) }
      } else {
        lost.append(piece)
      }
    }
    try lose(lost)
    return lost
  }

  func isStillRight(_ piece: PieceIndex) throws(StorageError) -> Bool {
    let isRight = Lock(false)
    do throws(StorageError) {
      try digest([piece], in: .parallel, threads: 1) { _, isGood in isRight.withLock { $0 = isGood } }
    } catch {
      guard error.isLossOfFile else { throw error }
      return false
    }
    return isRight.withLock { $0 }
  }

  /// A file is not there any more, or something else is in its place.
  /// - Returns: the pieces that are lost with it.
  func loseFile(_ file: Int) -> [PieceIndex] {
    pool.forget(key(of: file))
    let pieces = state.withLock { state -> [PieceIndex] in
      state.files[file].stamp = .unknown
      if purpose != .seeding { state.files[file].place = .absent }
      return info.geometry.pieces(touching: info.files.range(of: file)).lazy
        .map { PieceIndex(unchecked: $0) }.filter { state.verified.contains($0) }
    }
    for piece in pieces { unmark(piece) }
    return pieces
  }

  /// Pieces are not on disk any more. A download that has more to fetch fetches them too, and for that their files get
  /// their partial names again; once it is complete the files are the user's, and what he does to them is his business.
  private func lose(_ pieces: [PieceIndex]) throws(StorageError) {
    let isFetching = purpose != .seeding && !isComplete
    for piece in pieces {
      unmark(piece)
      guard isFetching else { continue }
      var finals: [Int] = []
      extents.forEachPart(of: range(of: piece)) { part in
        if !part.isPadding, state.withLock({ $0.files[part.file].place }) == .final {
          finals.append(part.file)
        }
      }
      for file in finals { try demote(file, replaces: overwrites) }
    }
  }

  private func unmark(_ piece: PieceIndex) {
    state.withLock { state in
      guard state.verified.remove(piece) else { return }
      state.doubted.remove(piece)
      if selection.pieces.contains(piece) {
        state.missingCount += 1
        state.missingBytes += info.geometry.length(of: piece)
      }
      extents.forEachPart(of: range(of: piece)) { state.files[$0.file].remaining += 1 }
    }
  }
}

extension StorageError {
  /// A file isn't there, or something else is in its place, or it ends too early. (Not so a folder that is missing, or
  /// a disk that fails.)
  var isLossOfFile: Bool {
    switch self {
    case .symbolicLink, .notAFile, .shortened: true
    case .system(_, _, ENOENT): true
    default: false
    }
  }
}
