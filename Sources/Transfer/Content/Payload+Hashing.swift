import Metainfo
import Platform

// Its pieces through the engine that `create` and `verify` have.
extension Payload: ContentSource {
  func makeReader(places: Int) -> PayloadReader { PayloadReader(payload: self) }

  /// Reads pieces and tells of each whether it is right, in no certain order and on several threads, by one at a time.
  /// Ends at the first error, and when the files are closed. O(bytes).
  ///
  /// - Parameter threads: `nil` is one for each processor.
  func digest(
    _ pieces: [PieceIndex], in order: ReadingOrder, threads: Int? = nil,
    each: @escaping @Sendable (PieceIndex, Bool) -> Void
  ) throws(StorageError) {
    let digester = PieceDigester(
      self, layout: info.layout, geometry: info.geometry, kinds: .sha1, order: order)
    let failure = Lock<StorageError?>(nil)
    digester.run(pieces, threads: threads) { [self] piece, outcome in
      failure.withLock { failure in
        switch outcome {
        case .success(let digests): each(piece, digests.match(info, piece))
        case .failure(let error): if failure == nil { failure = error }
        }
        return failure == nil && !isGivenUp
      }
    }
    if let failure = failure.withLock({ $0 }) { throw failure }
    if isGivenUp { throw .closed }
  }
}

/// Reads a torrent's files for one thread; what is open, the session's pool knows.
struct PayloadReader: ContentReading {
  let payload: Payload

  mutating func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(StorageError) {
    try payload.read(offset..<offset + buffer.count, into: buffer)
  }

  mutating func prefetch(_ range: Range<Int>) {
    payload.extents.forEachPart(of: range) { part in
      guard !part.isPadding, let pin = try? payload.pin(part.file) else { return }
      payload.fileSystem.prefetch(pin.descriptor, part.offset..<part.offset + part.length)
      payload.pool.unpin(pin)
    }
  }
}
