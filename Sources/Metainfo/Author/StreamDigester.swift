import Platform

/// Digests the pieces of a stream on several threads, in one pass.
///
/// The threads take turns to read: one fills its buffer with the next pieces while the others hash theirs. A piece that
/// is too long for that is hashed while it is read, by one thread. All buffers together are 64 MiB at most.
struct StreamDigester<Stream: ContentStream>: Sendable {
  let stream: Stream
  let format: TorrentFormat
  let pieceLength: Int
  /// A stream of more pieces has gone on too long.
  let maximumPieceCount: Int
  let threads: Int?

  /// Why there are no digests.
  enum Failure: Error, Hashable, Sendable {
    case read(Errno)
    case tooLong
  }

  /// Bytes that a thread reads at a time, unless a piece is longer.
  private static var comfortableBuffer: Int { 4 << 20 }
  private static var longestBuffer: Int { 16 << 20 }
  private static var allBuffers: Int { 64 << 20 }
  /// Bytes of a long piece that are read at a time.
  private static var longStep: Int { 1 << 20 }

  private struct State {
    var table: PieceTable
    var done = 0
    var failure: Failure?
  }

  /// Whoever has the lock around this reads.
  private struct Position {
    var nextPiece = 0
    var isAtEnd = false
  }

  /// The digests of all pieces, and the bytes of the stream. O(bytes).
  ///
  /// - Parameter progress: Called with the bytes hashed so far, by one thread at a time.
  func run(
    progress: @escaping @Sendable (Int) -> Void
  ) throws(Failure) -> (table: PieceTable, length: Int) {
    let state = Lock(State(table: PieceTable(kinds: DigestKinds(of: format), pieceCount: 0)))
    let position = Lock(Position())
    let isLong = pieceLength > Self.longestBuffer
    let step = isLong ? Self.longStep : max(1, Self.comfortableBuffer / pieceLength) * pieceLength
    let wanted = max(1, threads ?? Processors.count)
    ThreadTeam.run(isLong ? 1 : min(wanted, Self.allBuffers / step)) {
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: step, alignment: 4096)
      defer { buffer.deallocate() }
      while true {
        let run: (first: Int, length: Int, digests: [PieceDigests])
        do throws(Failure) {
          if isLong {
            run = try position.withLock { position throws(Failure) in try hashLong(&position, buffer) }
          } else {
            let (first, length) = try position.withLock { position throws(Failure) in
              try read(&position, buffer)
            }
            run = (
              first, length, digests(of: UnsafeRawBufferPointer(rebasing: buffer[..<length]), first: first)
            )
          }
        } catch {
          state.withLock { if $0.failure == nil { $0.failure = error } }
          break
        }
        guard run.length > 0 else { break }
        state.withLock { state in
          for (index, digests) in run.digests.enumerated() {
            state.table.set(PieceIndex(unchecked: run.first + index), digests)
          }
          state.done += run.length
          progress(state.done)
        }
      }
    }
    let end = state.withLock { $0 }
    if let failure = end.failure { throw failure }
    return (end.table, end.done)
  }

  /// Reads the next pieces; gives the number of the first and the bytes of all.
  private func read(
    _ position: inout Position, _ buffer: UnsafeMutableRawBufferPointer
  ) throws(Failure) -> (first: Int, length: Int) {
    let first = position.nextPiece
    guard !position.isAtEnd else { return (first, 0) }
    // Whatever happens, nobody reads behind a failure.
    position.isAtEnd = true
    let length = try fill(buffer)
    position.nextPiece += (length + pieceLength - 1) / pieceLength
    guard position.nextPiece <= maximumPieceCount else { throw .tooLong }
    position.isAtEnd = length < buffer.count
    return (first, length)
  }

  /// Reads the next piece and hashes it on the way.
  private func hashLong(
    _ position: inout Position, _ buffer: UnsafeMutableRawBufferPointer
  ) throws(Failure) -> (first: Int, length: Int, digests: [PieceDigests]) {
    let first = position.nextPiece
    var (sha1, tree, length) = (SHA1(), PieceTree(), 0)
    while length < pieceLength, !position.isAtEnd {
      let count = try fill(buffer)
      let step = UnsafeRawBufferPointer(rebasing: buffer[..<count])
      if format.hasPieceHashes { sha1.update(step) }
      if format.hasMerkleHashes { tree.append(leaves(of: step)) }
      length += count
      position.isAtEnd = count < buffer.count
    }
    guard length > 0 else { return (first, 0, []) }
    position.nextPiece += 1
    guard position.nextPiece <= maximumPieceCount else { throw .tooLong }
    var digests = PieceDigests()
    if format.hasPieceHashes { digests.sha1 = sha1.finish() }
    if format.hasMerkleHashes {
      digests.root = tree.finish(leafCount: leafCount(of: first, length: length))
    }
    return (first, length, [digests])
  }

  private func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    do { return try stream.fill(buffer) } catch { throw .read(error) }
  }

  /// The digests of pieces that lie one after another.
  private func digests(of bytes: UnsafeRawBufferPointer, first: Int) -> [PieceDigests] {
    let pieces = stride(from: 0, to: bytes.count, by: pieceLength).map { start in
      UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + pieceLength, bytes.count)])
    }
    var digests = [PieceDigests](repeating: PieceDigests(), count: pieces.count)
    if format.hasPieceHashes {
      for (index, sha1) in SHA1.digests(of: pieces).enumerated() { digests[index].sha1 = sha1 }
    }
    guard format.hasMerkleHashes else { return digests }
    for (index, piece) in pieces.enumerated() {
      var tree = PieceTree()
      tree.append(leaves(of: piece))
      digests[index].root = tree.finish(leafCount: leafCount(of: first + index, length: piece.count))
    }
    return digests
  }

  private func leaves(of bytes: UnsafeRawBufferPointer) -> [UInt8] {
    let count = (bytes.count + MerkleTree.blockLength - 1) / MerkleTree.blockLength
    return [UInt8](unsafeUninitializedCapacity: count * SHA256.length) { leaves, initialized in
      SHA256.digests(
        of: bytes, messageLength: MerkleTree.blockLength, into: UnsafeMutableRawBufferPointer(leaves))
      initialized = count * SHA256.length
    }
  }

  /// Leaves of the piece's tree. A first piece that is not full is all of the file, and its tree as small as it can be.
  private func leafCount(of piece: Int, length: Int) -> Int {
    var count = 1
    let length = piece == 0 ? length : pieceLength
    while count * MerkleTree.blockLength < length { count *= 2 }
    return count
  }
}

extension PieceTree {
  fileprivate mutating func append(_ leaves: [UInt8]) { leaves.withUnsafeBytes { append($0) } }
}
