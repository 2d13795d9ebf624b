import Metainfo
import Platform

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// Writing what has been verified, and giving files their names.
extension Payload {
  /// Writes a piece whose digest the caller has checked; a piece that is there already is left alone.
  /// - Returns: the files that are complete now and have their names, in order. They are on the disk.
  func store(_ piece: PieceIndex, _ bytes: UnsafeRawBufferPointer) throws(StorageError) -> [Int] {
    precondition(purpose != .seeding, "files are not changed while seeding")
    precondition(bytes.count == info.geometry.length(of: piece))
    if isVerified(piece) { return [] }
    let start = info.geometry.offset(of: piece)
    try extents.forEachPart(of: start..<start + bytes.count) { part throws(StorageError) in
      guard !part.isPadding else { return }
      let from = info.files[part.file].offset + part.offset - start
      try write(part, UnsafeRawBufferPointer(rebasing: bytes[from..<from + part.length]))
    }
    let complete = markVerified(piece)
    for file in complete { try finish(file) }
    return try complete + finishEmptyFiles()
  }

  private func write(_ part: PayloadExtents.Part, _ bytes: UnsafeRawBufferPointer) throws(StorageError) {
    let descriptor = try pin(part.file, creating: true)
    defer { unpin(part.file) }
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let count = try repeating("pwrite", part.file) { () throws(Errno) in
        try fileSystem.write(descriptor, rest, at: part.offset + done)
      }
      // A disk that takes nothing and gives no reason; asking for ever would be worse.
      guard count > 0 else { throw .system(call: "pwrite", path: path(of: part.file), errno: EIO) }
      done += count
    }
  }

  /// - Returns: files for which this was the last piece, and that are to have their names then.
  @discardableResult
  func markVerified(_ piece: PieceIndex) -> [Int] {
    let start = info.geometry.offset(of: piece)
    let length = info.geometry.length(of: piece)
    return state.withLock { state in
      guard !state.verified[piece.value] else { return [] }
      state.verified[piece.value] = true
      state.verifiedCount += 1
      if selection.pieces.contains(piece) {
        state.missingCount -= 1
        state.missingBytes -= length
      }
      var complete: [Int] = []
      extents.forEachPart(of: start..<start + length) { part in
        state.files[part.file].remaining -= 1
        if state.files[part.file].remaining == 0, state.files[part.file].getsName {
          complete.append(part.file)
        }
      }
      return complete
    }
  }

  /// Brings a file of which every piece is there to its right length, to the disk, and under its name.
  func finish(_ file: Int) throws(StorageError) {
    let place = state.withLock { $0.files[file].place }
    let name = paths.finalName(of: file)
    try withDirectory(of: file, creating: false) { directory throws(StorageError) in
      // Its own descriptor: the cached one of a file under its final name can't be written.
      let current = place == .final ? name : paths.partialName(of: file)
      let descriptor = try open(file, current, in: directory, .readWrite)
      defer { fileSystem.close(descriptor) }
      let size = try call("fstat", file) { () throws(Errno) in try fileSystem.status(of: descriptor) }.length
      let length = info.files[file].length
      guard size >= length else { throw .shortened(path: path(of: file)) }
      if size > length {
        try repeating("ftruncate", file) { () throws(Errno) in
          try fileSystem.truncate(descriptor, to: length)
        }
      }
      try repeating("fsync", file) { () throws(Errno) in try fileSystem.sync(descriptor) }
      if place != .final { try rename(file, current, to: name, in: directory, replaces: overwrites) }
    }
    state.withLock { $0.files[file].place = .final }
  }

  private var overwrites: Bool { purpose == .downloading(overwritesForeignFiles: true) }

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

  /// Makes the files without content, once every wanted piece is there: until then a download that is given up
  /// leaves none behind. One thread gets to do it, the one that stores the last piece.
  func finishEmptyFiles() throws(StorageError) -> [Int] {
    let pending = state.withLock { state -> [Int] in
      guard state.missingCount == 0 else { return [] }
      let pending = info.files.indices.filter {
        info.files[$0].length == 0 && selection.files[$0] && state.files[$0].place != .final
      }
      for file in pending { state.files[file].place = .final }
      return pending
    }
    for file in pending {
      try withDirectory(of: file, creating: true) { directory throws(StorageError) in
        let descriptor = try open(file, paths.finalName(of: file), in: directory, .create)
        defer { fileSystem.close(descriptor) }
        let size = try call("fstat", file) { () throws(Errno) in try fileSystem.status(of: descriptor) }
          .length
        guard size > 0 else { return }
        guard overwrites else { throw .foreignFile(path: path(of: file)) }
        try repeating("ftruncate", file) { () throws(Errno) in try fileSystem.truncate(descriptor, to: 0) }
      }
    }
    return pending
  }
}
