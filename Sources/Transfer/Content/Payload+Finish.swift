import Metainfo
import Platform

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// Giving files their names.
extension Payload {
  /// Brings a file of which every piece is there to its right length, to the disk, and under its name; unless it is
  /// not the file that was written, or others have written to it, and pieces of it turn out to be wrong.
  ///
  /// - Returns: those pieces. The file has its name when there are none.
  func finish(_ file: Int) throws(StorageError) -> [PieceIndex] {
    let lost = try pool.turns.withTurn(of: key(of: file)) { () throws(StorageError) -> [PieceIndex] in
      do throws(StorageError) {
        return try withDirectory(of: file, creating: false) { directory throws(StorageError) in
          try finish(file, in: directory)
        }
      } catch {
        guard error.isLossOfFile else { throw error }
        return loseFile(file)
      }
    }
    // Only now is it known that the name is where the user looks for it.
    if lost.isEmpty { try checkRoot() }
    return lost
  }

  private func finish(_ file: Int, in directory: Int32) throws(StorageError) -> [PieceIndex] {
    let place = state.withLock { $0.files[file].place }
    let current = name(of: file, at: place)
    // Its own descriptor: by the name, and the cached one of a file under its final name can't be written.
    let (descriptor, status) = try open(file, current, in: directory, .readWrite)
    defer { fileSystem.close(descriptor) }
    if look(at: file, status) { pool.forget(key(of: file)) }
    let lost = try recheck(doubted(in: file))
    guard lost.isEmpty else { return lost }
    let length = info.files.length(of: file)
    let size = try self.status(of: file, descriptor).length
    guard size >= length else { throw .shortened(path: path(of: file)) }
    if size > length {
      try repeating("ftruncate", file) { () throws(Errno) in
        try fileSystem.truncate(descriptor, to: length)
      }
    }
    try repeating("fsync", file) { () throws(Errno) in try fileSystem.sync(descriptor) }
    if place != .final {
      try rename(file, current, to: paths.finalName(of: file), in: directory, replaces: overwrites)
    }
    // A new name is a change of the file on some file systems.
    let stamp = FileStamp(try self.status(of: file, descriptor))
    state.withLock { state in
      state.files[file].place = .final
      state.files[file].stamp = stamp
    }
    return []
  }

  var overwrites: Bool { purpose == .downloading(overwritesForeignFiles: true) }

  func rename(
    _ file: Int, _ old: String, to new: String, in directory: Int32, replaces: Bool
  ) throws(StorageError) {
    do throws(Errno) {
      try fileSystem.rename(old, to: new, in: directory, replaces: replaces)
    } catch {
      if error.code == EEXIST { throw .foreignFile(path: path(of: file)) }
      throw .system(call: "renameat", path: path(of: file), errno: error.code)
    }
  }

  /// A file under its final name is to be written again: it goes back to the partial one.
  /// - Parameter replaces: whether a file that has the partial name may be lost.
  func demote(_ file: Int, replaces: Bool) throws(StorageError) {
    try withDirectory(of: file, creating: false) { directory throws(StorageError) in
      let (old, new) = (paths.finalName(of: file), paths.partialName(of: file))
      try rename(file, old, to: new, in: directory, replaces: replaces)
      let status = try call("fstatat", file) { () throws(Errno) in
        try fileSystem.status(of: new, in: directory)
      }
      state.withLock { state in
        state.files[file].place = .partial
        state.files[file].stamp = FileStamp(status)
      }
    }
    // It was opened to read.
    pool.forget(key(of: file))
  }

  /// Whether everything that is wanted is there under its name: from then on the files are the user's.
  var isComplete: Bool { state.withLock { $0.isComplete } }

  /// To be called when a file or the last piece may have completed the content. O(files) when no piece is missing.
  func noteCompletion() {
    state.withLock { state in
      state.isComplete =
        state.missingCount == 0
        && state.files.indices.allSatisfy { !state.files[$0].getsName || state.files[$0].place == .final }
    }
  }

  /// Makes the files without content, once every wanted piece is there: until then a download that is given up
  /// leaves none behind. One thread gets to do it, the one that stores the last piece.
  func finishEmptyFiles() throws(StorageError) -> [Int] {
    let pending = state.withLock { state -> [Int] in
      guard state.missingCount == 0 else { return [] }
      let pending = info.files.indices.filter {
        info.files.length(of: $0) == 0 && selection.files[$0] && state.files[$0].place != .final
      }
      for file in pending { state.files[file].place = .final }
      return pending
    }
    for file in pending {
      try withDirectory(of: file, creating: true) { directory throws(StorageError) in
        let (descriptor, status) = try open(file, paths.finalName(of: file), in: directory, .create)
        defer { fileSystem.close(descriptor) }
        guard status.length > 0 else { return }
        guard overwrites else { throw .foreignFile(path: path(of: file)) }
        try repeating("ftruncate", file) { () throws(Errno) in try fileSystem.truncate(descriptor, to: 0) }
      }
    }
    return pending
  }
}
