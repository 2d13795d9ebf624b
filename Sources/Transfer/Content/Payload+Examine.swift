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
  /// download puts the files in order: complete ones get their names and lengths, and one that has its final
  /// name and is not complete goes on under the partial one.
  ///
  /// Existing files are a download's own if a piece that touches them is good. One without is foreign, and
  /// refused before anything is changed, with two exceptions: an empty file has nothing to lose; and a file
  /// that can't be judged, because each piece it has is shared with another file that may be at fault, is
  /// taken for a damaged or lonely part of this torrent if it has exactly its length and another piece of the
  /// torrent is good.
  ///
  /// Files that are not wanted are nobody's business: one is moved to its partial name only when it is this
  /// torrent's and a piece that is to be fetched has bytes for it.
  ///
  /// Holes of partial files are not read: the digest of zeros is known.
  func examine(_ onPiece: (PieceIndex, Bool) -> Void) throws(StorageError) {
    var survey = try Survey(self)
    var hasher = try PieceReader(self)
    for piece in info.geometry.pieces {
      if state.withLock({ $0.descriptors.isClosed }) { throw .closed }
      let isReadable = survey.isReadable(piece, self)
      let isGood = isReadable ? try hasher.matches(piece) : false
      if isReadable { survey.note(piece, isGood: isGood, self) }
      if isGood { markVerified(piece) }
      onPiece(piece, isGood)
    }
    guard case .downloading(let overwrites) = purpose else { return }
    if !overwrites {
      for file in info.files.indices where selection.files[file] && survey.isForeign(file, self) {
        throw .foreignFile(path: path(of: file))
      }
    }
    try settle(survey)
  }

  /// The descriptors of the examination are of files that are about to get other names, and were opened to
  /// read.
  private func settle(_ survey: Survey) throws(StorageError) {
    while let descriptor = state.withLock({ $0.descriptors.evict() }) { fileSystem.close(descriptor) }
    for file in info.files.indices where !info.files[file].isPadding && info.files[file].length > 0 {
      let (place, remaining) = state.withLock { ($0.files[file].place, $0.files[file].remaining) }
      if !selection.files[file] {
        guard place == .final, remaining > 0, isToBeWritten(file) else { continue }
        // Another's file stays, and the bytes go beside it.
        guard survey.hasGoodPiece[file] else {
          state.withLock { $0.files[file].place = .absent }
          continue
        }
        state.withLock { $0.files[file].getsName = true }
      }
      switch place {
      case .absent:
        continue
      case .final where remaining > 0:
        try withDirectory(of: file, creating: false) { directory throws(StorageError) in
          let (old, new) = (paths.finalName(of: file), paths.partialName(of: file))
          try rename(file, old, to: new, in: directory, replaces: true)
        }
        state.withLock { $0.files[file].place = .partial }
      case .final:
        // A right file is not touched.
        if survey.sizes[file] != info.files[file].length { try finish(file) }
      case .partial:
        if remaining == 0 { try finish(file) }
      }
    }
    _ = try finishEmptyFiles()
  }

  /// Whether a piece that is wanted and missing touches the file.
  private func isToBeWritten(_ file: Int) -> Bool {
    info.geometry.pieces(touching: info.files[file].range).contains { number in
      info.geometry.piece(number).map { selection.pieces.contains($0) && !isVerified($0) } ?? false
    }
  }

  /// What lies under the names of the files, and what its pieces say about it.
  private struct Survey {
    /// Bytes on disk, under the final name if there is a file of that name, else under the partial one.
    private(set) var sizes: [Int]
    private(set) var hasGoodPiece: [Bool]
    /// A piece that is wholly in the file, padding apart, is wrong.
    private var hasOwnBadPiece: [Bool]
    private var goodCount = 0

    init(_ payload: Payload) throws(StorageError) {
      let count = payload.info.files.count
      sizes = Array(repeating: 0, count: count)
      hasGoodPiece = Array(repeating: false, count: count)
      hasOwnBadPiece = Array(repeating: false, count: count)
      for file in 0..<count where !payload.info.files[file].isPadding {
        let (place, size) = try payload.find(file)
        sizes[file] = size
        // What is in the place of an empty file is not it.
        let isOther = payload.info.files[file].length == 0 && size > 0
        payload.state.withLock { $0.files[file].place = isOther ? .absent : place }
      }
    }

    /// Whether every byte of the piece is there.
    func isReadable(_ piece: PieceIndex, _ payload: Payload) -> Bool {
      let start = payload.info.geometry.offset(of: piece)
      var isReadable = true
      payload.extents.forEachPart(of: start..<start + payload.info.geometry.length(of: piece)) { part in
        if !part.isPadding, sizes[part.file] < part.offset + part.length { isReadable = false }
      }
      return isReadable
    }

    mutating func note(_ piece: PieceIndex, isGood: Bool, _ payload: Payload) {
      let start = payload.info.geometry.offset(of: piece)
      var count = 0
      var last = 0
      payload.extents.forEachPart(of: start..<start + payload.info.geometry.length(of: piece)) { part in
        guard !part.isPadding else { return }
        count += 1
        last = part.file
        if isGood { hasGoodPiece[part.file] = true }
      }
      if isGood { goodCount += 1 }
      if !isGood, count == 1 { hasOwnBadPiece[last] = true }
    }

    func isForeign(_ file: Int, _ payload: Payload) -> Bool {
      let length = payload.info.files[file].length
      if length == 0 { return sizes[file] > 0 }
      guard payload.state.withLock({ $0.files[file].place }) == .final, sizes[file] > 0, !hasGoodPiece[file]
      else { return false }
      return sizes[file] != length || hasOwnBadPiece[file] || goodCount == 0
    }
  }

  /// Where the file is, and how many bytes it has.
  private func find(_ file: Int) throws(StorageError) -> (Place, Int) {
    do {
      return try withDirectory(of: file, creating: false) { directory throws(StorageError) in
        if let size = try size(of: file, paths.finalName(of: file), in: directory) { return (.final, size) }
        // Seeds have no partial files, and empty files never do.
        guard purpose != .seeding, info.files[file].length > 0 else { return (.absent, 0) }
        if let size = try size(of: file, paths.partialName(of: file), in: directory) {
          return (.partial, size)
        }
        return (.absent, 0)
      }
    } catch {
      if case .system(_, _, ENOENT) = error { return (.absent, 0) }
      throw error
    }
  }

  /// `nil` when there is no such file.
  private func size(of file: Int, _ name: String, in directory: Int32) throws(StorageError) -> Int? {
    let descriptor: Int32
    do { descriptor = try open(file, name, in: directory, .read) } catch {
      if case .system(_, _, ENOENT) = error { return nil }
      throw error
    }
    defer { fileSystem.close(descriptor) }
    return try call("fstat", file) { () throws(Errno) in try fileSystem.status(of: descriptor) }.length
  }
}
