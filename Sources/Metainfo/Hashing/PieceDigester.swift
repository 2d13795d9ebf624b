import Platform

/// Digests pieces of content on disk on several threads; the engine under `create`, `verify` and the examination at the start of a
/// transfer.
///
/// One read of the content gives every kind of digest. A thread claims a few pieces at a time, since processors hash
/// several messages side by side faster than one after another, and reads them in steps, so that each step is still in
/// the processor's cache when it is hashed and memory does not grow with the length of a piece: a thread holds half
/// a megabyte and an open file for each of its pieces.
///
///     let digester = PieceDigester(
///       source, layout: info.layout, geometry: info.geometry, kinds: [.sha1, .merkle],
///       order: .suited(to: devices))
///     digester.run(threads: nil) { piece, outcome in … }
///
/// For `merkle` every file that is not a pad file must start at a piece, and a piece be 16 KiB times a power of two.
package struct PieceDigester<Source: ContentSource>: Sendable {
  let source: Source
  let layout: FileLayout
  let geometry: PieceGeometry
  let kinds: DigestKinds
  let order: ReadingOrder

  /// More only cost memory: the work is bounded by processors and the disk.
  static var maximumThreads: Int { 64 }

  /// What became of a piece: its digests, or the file of it that could not be read, and why.
  package typealias Outcome = Result<PieceDigests, Source.Reader.Failure>

  package init(
    _ source: Source, layout: FileLayout, geometry: PieceGeometry, kinds: DigestKinds,
    order: ReadingOrder = .parallel
  ) {
    self.source = source
    self.layout = layout
    self.geometry = geometry
    self.kinds = kinds
    self.order = order
  }

  var shape: BatchShape { BatchShape(kinds: kinds, pieceLength: geometry.pieceLength) }

  /// Digests pieces and tells each outcome, in no certain order and on any of the threads, several at once. Ends early
  /// once `each` gives false. A piece that can't be read doesn't end the others. O(bytes).
  ///
  /// - Parameters:
  ///   - pieces: Which, ascending; `nil` is all.
  ///   - threads: `nil` is one for each processor.
  package func run(
    _ pieces: [PieceIndex]? = nil, threads: Int? = nil,
    each: @escaping @Sendable (PieceIndex, Outcome) -> Bool
  ) {
    let threads = min(max(1, threads ?? Processors.count), Self.maximumThreads)
    let claims = PieceClaims(
      pieces, geometry: geometry, workers: min(threads, Processors.count))
    let feed = order == .sequential ? SequentialFeed(self, pieces) : nil
    let feeding = feed.flatMap { feed in try? PlainThread.start(named: "feed") { feed.run() } }
    if feeding == nil { feed?.stop() }
    ThreadTeam.run(min(threads, max(1, claims.count))) {
      var batch = PieceBatch(self, feed: feed)
      while true {
        let pieces = claims.claim(min(shape.lanes, feed?.piecesAtATime ?? .max)) { feed?.claim($0) }
        guard !pieces.isEmpty else { break }
        if !batch.digest(pieces, each: each) { claims.stop() }
        feed?.release(pieces)
      }
    }
    feed?.stop()
    feeding?.join()
  }

  /// Where the piece is in the content.
  func range(of piece: PieceIndex) -> Range<Int> {
    let start = geometry.offset(of: piece)
    return start..<start + geometry.length(of: piece)
  }
}

extension PieceDigester {
  /// Of files that are known by their paths.
  init<Disk: ContentDisk>(
    disk: Disk, layout: FileLayout, geometry: PieceGeometry, kinds: DigestKinds,
    order: ReadingOrder = .parallel, path: @escaping @Sendable (Int) -> String
  ) where Source == ContentFiles<Disk> {
    self.init(
      ContentFiles(disk: disk, layout: layout, path: path), layout: layout, geometry: geometry, kinds: kinds,
      order: order)
  }
}
