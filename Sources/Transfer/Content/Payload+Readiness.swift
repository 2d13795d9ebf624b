import Metainfo
import Platform

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// What must be known before a block is sent.
extension Payload {
  /// How long a look at a file's name and state is relied on.
  static let lookInterval = Instant.Span.seconds(2)

  /// Whether a block can be sent as it is: its piece is right, and its files are open and have been looked at lately.
  /// Asks the system nothing. O(log files).
  func isReady(_ span: BlockSpan, at now: Instant) -> Bool {
    let isTrusted = state.withLock { state in
      state.verified.contains(span.piece) && (state.doubted.isEmpty || !state.doubted.contains(span.piece))
    }
    guard isTrusted else { return false }
    var isReady = true
    extents.forEachPart(of: range(of: span)) { part in
      guard isReady, !part.isPadding else { return }
      isReady = pool.hasBeenLookedAt(key(of: part.file), within: Self.lookInterval, of: now)
    }
    return isReady
  }

  /// Opens the files of a block and looks whether they are still what they were; a piece of one that is not is read
  /// again. Blocks for as long as the disk does.
  ///
  /// - Returns: pieces that are lost.
  func prepare(_ span: BlockSpan, at now: Instant) throws(StorageError) -> [PieceIndex] {
    try using { () throws(StorageError) in try makeReady(span, at: now) }
  }

  private func makeReady(_ span: BlockSpan, at now: Instant) throws(StorageError) -> [PieceIndex] {
    var lost: [PieceIndex] = []
    var position = range(of: span).lowerBound
    while let part = extents.part(at: position, before: range(of: span).upperBound) {
      position += part.length
      if !part.isPadding { lost += try look(at: part.file, at: now) }
    }
    guard state.withLock({ $0.doubted.contains(span.piece) }) else { return lost }
    return lost + (try recheck([span.piece]))
  }

  private func look(at file: Int, at now: Instant) throws(StorageError) -> [PieceIndex] {
    do throws(StorageError) {
      try pool.turns.withTurn(of: key(of: file)) { () throws(StorageError) in
        let place = state.withLock { $0.files[file].place }
        let named = try withDirectory(of: file, creating: false) { folder throws(StorageError) in
          try status(of: file, named: name(of: file, at: place), in: folder)
        }
        guard let named else { throw .system(call: "fstatat", path: path(of: file), errno: ENOENT) }
        if let open = pool.pin(key(of: file)) {
          defer { pool.unpin(open) }
          let status = try self.status(of: file, open.descriptor)
          if status.identity != named.identity { pool.forget(key(of: file)) }
        }
        look(at: file, named)
        let pin = try pin(file)
        pool.note(pin, lookedAt: now)
        pool.unpin(pin)
      }
      return []
    } catch {
      guard error.isLossOfFile else { throw error }
      return loseFile(file)
    }
  }
}
