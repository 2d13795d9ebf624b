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

  /// Bytes that are looked for, or read from the disk, at once.
  static let readAhead = 256 << 10

  /// Whether a block can be sent as it is, without waiting: its piece is right, its files are open and have been looked at
  /// lately, and its bytes are in the system's cache. O(log files).
  ///
  /// - Parameter warm: bytes of the content that are in the cache, as the last answer has it. Within them the system is
  ///   asked nothing.
  func isReady(_ span: BlockSpan, at now: Instant, warm: inout Range<Int>) -> Bool {
    guard isTrusted(span, at: now) else { return false }
    let range = range(of: span)
    if range.clamped(to: warm) == range { return true }
    let window = window(from: span)
    guard isCached(window) else { return false }
    warm = window
    return true
  }

  private func isTrusted(_ span: BlockSpan, at now: Instant) -> Bool {
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

  /// From the start of a block to the end of its quarter megabyte of the piece, or of its last file: whoever asks for the one
  /// most often asks for the others. All blocks of a quarter have the same end, so what was read for one will do for all.
  private func window(from span: BlockSpan) -> Range<Int> {
    let (block, piece) = (range(of: span), range(of: span.piece))
    let quarter = (span.offset / Self.readAhead + 1) * Self.readAhead
    let end = max(block.upperBound, min(piece.upperBound, piece.lowerBound + quarter))
    let last = block.upperBound - 1
    let left = extents.part(at: last, before: end)?.length ?? 1
    return block.lowerBound..<last + left
  }

  private func isCached(_ range: Range<Int>) -> Bool {
    var isCached = true
    extents.forEachPart(of: range) { part in
      // What isn't open will be opened where it may take its time.
      guard isCached, !part.isPadding else { return }
      guard let pin = pool.pin(key(of: part.file)) else { return isCached = false }
      isCached = fileSystem.isCached(pin.descriptor, part.offset..<part.offset + part.length)
      pool.unpin(pin)
    }
    return isCached
  }

  /// Has the system read bytes into its cache. What can't be read is found by whoever sends it.
  private func warm(_ range: Range<Int>) {
    guard !isCached(range) else { return }
    withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 64) { buffer in
      for start in stride(from: range.lowerBound, to: range.upperBound, by: buffer.count) {
        let part = start..<min(range.upperBound, start + buffer.count)
        guard (try? read(part, into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<part.count]))) != nil
        else { return }
      }
    }
  }

  /// Opens the files of a block and looks whether they are still what they were; a piece of one that is not is read
  /// again. Reads the block's bytes into the system's cache. Blocks for as long as the disk does.
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
    if state.withLock({ $0.doubted.contains(span.piece) }) { lost += try recheck([span.piece]) }
    if isVerified(span.piece) { warm(window(from: span)) }
    return lost
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
