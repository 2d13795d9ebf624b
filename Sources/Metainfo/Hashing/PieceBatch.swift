/// One thread's pieces on their way through reading and hashing, side by side in lanes: each is read a step at a
/// time, and the steps of all lanes are hashed at once while they are in the processor's cache.
struct PieceBatch<Source: ContentSource>: ~Copyable {
  private let digester: PieceDigester<Source>
  private let shape: BatchShape
  private let feed: SequentialFeed<Source>?
  private var reader: Source.Reader
  /// The steps of the lanes, one after another, `shape.step` bytes each.
  private let buffer: UnsafeMutableRawBufferPointer
  /// Digests of the blocks in `buffer`.
  private let leaves: UnsafeMutableRawBufferPointer
  private var lanes: [Lane] = []
  private var sha1 = SHA1Lanes(count: 0)
  /// What of each step goes into `sha1`.
  private var chunks: [UnsafeRawBufferPointer] = []

  /// Whether a lane's step in `buffer` is all zeros. Padding, of which a hybrid of many small files has more than
  /// content, then needs no writing.
  private var isZero: [Bool]

  private struct Lane {
    let piece: PieceIndex
    /// What is not yet read; with pad files if SHA-1 is wanted.
    var rest: Range<Int>
    /// Bytes of `rest` that belong to the tree.
    var treeLength: Int
    /// Leaves of the tree with those that are missing.
    var leafCount: Int
    var tree = PieceTree()
    /// Bytes of the tree in the buffer.
    var filled = 0
    var failure: Source.Reader.Failure?
  }

  init(_ digester: PieceDigester<Source>, feed: SequentialFeed<Source>?) {
    self.digester = digester
    self.feed = feed
    shape = digester.shape
    reader = digester.source.makeReader(places: shape.lanes)
    // Aligned, because the kernel copies whole pages fastest to whole pages.
    buffer = .allocate(byteCount: shape.lanes * shape.step, alignment: 4096)
    buffer.initializeMemory(as: UInt8.self, repeating: 0)
    isZero = Array(repeating: true, count: shape.lanes)
    let blocks = buffer.count / MerkleTree.blockLength + shape.lanes
    leaves = .allocate(byteCount: blocks * SHA256.length, alignment: 64)
  }

  deinit {
    buffer.deallocate()
    leaves.deallocate()
  }

  /// Reads and hashes the pieces and tells each outcome in order; ends with false once `each` gives false. If SHA-1 is
  /// wanted all pieces must be of one length.
  mutating func digest(
    _ pieces: [PieceIndex], each: (PieceIndex, PieceDigester<Source>.Outcome) -> Bool
  ) -> Bool {
    lanes.removeAll(keepingCapacity: true)
    for piece in pieces { lanes.append(lane(of: piece)) }
    sha1 = SHA1Lanes(count: digester.kinds.contains(.sha1) ? lanes.count : 0)
    chunks = Array(repeating: UnsafeRawBufferPointer(start: nil, count: 0), count: sha1.count)
    while true {
      let longest = lanes.reduce(0) { max($0, $1.rest.count) }
      guard longest > 0 else { break }
      for index in lanes.indices { fill(index) }
      if digester.kinds.contains(.sha1) { mix(min(longest, shape.step)) }
      if digester.kinds.contains(.merkle) { hashBlocks() }
    }
    for index in lanes.indices {
      guard each(lanes[index].piece, outcome(index)) else { return false }
    }
    return true
  }

  private func lane(of piece: PieceIndex) -> Lane {
    let range = digester.range(of: piece)
    guard digester.kinds.contains(.merkle) else {
      return Lane(piece: piece, rest: range, treeLength: 0, leafCount: 1)
    }
    let content = PieceContent(of: piece, layout: digester.layout, geometry: digester.geometry)
    return Lane(
      piece: piece, rest: digester.kinds.contains(.sha1) ? range : range.prefix(content.length),
      treeLength: content.length, leafCount: content.leafCount)
  }

  /// Reads the next step of a lane.
  private mutating func fill(_ index: Int) {
    let start = lanes[index].rest.lowerBound
    let count = min(shape.step, lanes[index].rest.count)
    lanes[index].filled = 0
    guard count > 0 else { return }
    do throws(Source.Reader.Failure) {
      if digester.kinds.contains(.merkle), lanes[index].treeLength == 0 {
        // Behind the end of the one file that a piece can have here.
        if !isZero[index] { step(index, shape.step).initializeMemory(as: UInt8.self, repeating: 0) }
        isZero[index] = true
      } else {
        isZero[index] = false
        try read(at: start, into: step(index, count))
      }
      lanes[index].filled = min(count, lanes[index].treeLength)
      lanes[index].treeLength -= lanes[index].filled
      lanes[index].rest = start + count..<lanes[index].rest.upperBound
    } catch {
      lanes[index].failure = error
      lanes[index].rest = 0..<0
    }
  }

  private mutating func read(
    at start: Int, into buffer: UnsafeMutableRawBufferPointer
  ) throws(Source.Reader.Failure) {
    guard let feed, !feed.isEngaged else {
      feed?.wait(until: start + buffer.count)
      return try reader.read(at: start, into: buffer)
    }
    let before = digester.source.blocksRead
    defer { if digester.source.blocksRead != before { feed.noteSlowRead() } }
    try reader.read(at: start, into: buffer)
  }

  /// Adds the first `count` bytes of each step to the SHA-1 of its lane. Of a lane that has failed that is anything.
  private mutating func mix(_ count: Int) {
    for index in lanes.indices { chunks[index] = UnsafeRawBufferPointer(step(index, count)) }
    sha1.update(chunks)
  }

  /// Adds the leaves of each step to the tree of its lane. Steps that are full lie one after another and are hashed
  /// at once.
  private mutating func hashBlocks() {
    var first = 0
    while first < lanes.count {
      var end = first + 1
      while end < lanes.count, lanes[end - 1].filled == shape.step, lanes[end].filled > 0 { end += 1 }
      let length = (end - first - 1) * shape.step + lanes[end - 1].filled
      let run = UnsafeRawBufferPointer(rebasing: buffer[first * shape.step..<first * shape.step + length])
      SHA256.digests(of: run, messageLength: MerkleTree.blockLength, into: leaves)
      var start = 0
      for index in first..<end {
        let count =
          (lanes[index].filled + MerkleTree.blockLength - 1) / MerkleTree.blockLength * SHA256.length
        lanes[index].tree.append(UnsafeRawBufferPointer(rebasing: leaves[start..<start + count]))
        start += count
      }
      first = end
    }
  }

  private mutating func outcome(_ index: Int) -> PieceDigester<Source>.Outcome {
    if let failure = lanes[index].failure { return .failure(failure) }
    var digests = PieceDigests()
    if digester.kinds.contains(.sha1) { digests.sha1 = sha1.finish(index) }
    if digester.kinds.contains(.merkle) {
      digests.root = lanes[index].tree.finish(leafCount: lanes[index].leafCount)
    }
    return .success(digests)
  }

  private func step(_ index: Int, _ count: Int) -> UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(rebasing: buffer[index * shape.step..<index * shape.step + count])
  }
}
