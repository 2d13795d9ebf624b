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
  /// What came of storing a piece.
  struct Stored: Hashable {
    /// Files that are complete now and have their names. They are on the disk.
    var finished: [Int] = []
    /// Pieces that were there before and are not, or not right, any more: somebody else has changed their files.
    var lost: [PieceIndex] = []
  }

  /// How often a piece is written whose file is lost meanwhile.
  private static let attempts = 3

  /// Writes a piece whose digest the caller has checked; a piece that is there already is left alone.
  func store(_ piece: PieceIndex, _ bytes: UnsafeRawBufferPointer) throws(StorageError) -> Stored {
    precondition(purpose != .seeding, "files are not changed while seeding")
    precondition(bytes.count == info.geometry.length(of: piece))
    return try using { () throws(StorageError) in try keep(piece, bytes) }
  }

  private func keep(_ piece: PieceIndex, _ bytes: UnsafeRawBufferPointer) throws(StorageError) -> Stored {
    var stored = Stored()
    if isVerified(piece) { return stored }
    try checkRoot()
    for _ in 0..<Self.attempts {
      try write(piece, bytes, &stored)
      for file in markVerified(piece) {
        let lost = try finish(file)
        if lost.isEmpty { stored.finished.append(file) } else { stored.lost += lost }
      }
      // The file that it was written to may have been taken away.
      if isVerified(piece) { break }
      stored.lost.removeAll { $0 == piece }
    }
    guard isVerified(piece) else { throw .unstable(path: path(holding: range(of: piece).lowerBound)) }
    stored.finished += try finishEmptyFiles()
    if !stored.finished.isEmpty { noteCompletion() }
    return stored
  }

  private func write(
    _ piece: PieceIndex, _ bytes: UnsafeRawBufferPointer, _ stored: inout Stored
  ) throws(StorageError) {
    let start = info.geometry.offset(of: piece)
    var position = start
    while let part = extents.part(at: position, before: start + bytes.count) {
      let from = position - start
      position += part.length
      if part.isPadding { continue }
      stored.lost += try pool.turns.withTurn(of: key(of: part.file)) { () throws(StorageError) in
        try write(part, UnsafeRawBufferPointer(rebasing: bytes[from..<from + part.length]))
      }
    }
  }

  /// - Returns: what was lost with the file, if it isn't there any more.
  private func write(
    _ part: PayloadExtents.Part, _ bytes: UnsafeRawBufferPointer
  ) throws(StorageError) -> [PieceIndex] {
    var lost: [PieceIndex] = []
    let pin: DescriptorPool.Pin
    do throws(StorageError) { pin = try pinToWrite(part.file) } catch {
      guard error.isLossOfFile else { throw error }
      lost = loseFile(part.file)
      pin = try pinToWrite(part.file)
    }
    defer { pool.unpin(pin) }
    // Whoever else has written to it has done so by now; what follows is our own.
    look(at: part.file, try status(of: part.file, pin.descriptor))
    do throws(StorageError) {
      try write(part, bytes, to: pin.descriptor)
    } catch {
      // As far as it came.
      _ = try? stamp(part.file, pin.descriptor)
      throw error
    }
    try stamp(part.file, pin.descriptor)
    return lost
  }

  private func write(
    _ part: PayloadExtents.Part, _ bytes: UnsafeRawBufferPointer, to descriptor: Int32
  ) throws(StorageError) {
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

  /// Remembers what the file is like after a change of our own.
  func stamp(_ file: Int, _ descriptor: Int32) throws(StorageError) {
    let stamp = FileStamp(try status(of: file, descriptor))
    state.withLock { $0.files[file].stamp = stamp }
  }

  /// - Returns: files for which this was the last piece, and that are to have their names then.
  @discardableResult
  func markVerified(_ piece: PieceIndex) -> [Int] {
    state.withLock { state in
      guard state.verified.insert(piece) else { return [] }
      if selection.pieces.contains(piece) {
        state.missingCount -= 1
        state.missingBytes -= info.geometry.length(of: piece)
      }
      var complete: [Int] = []
      extents.forEachPart(of: range(of: piece)) { part in
        state.files[part.file].remaining -= 1
        if state.files[part.file].remaining == 0, state.files[part.file].getsName {
          complete.append(part.file)
        }
      }
      return complete
    }
  }
}
