import Platform
import TestKit
import Testing

@testable import Metainfo

/// Content in memory as a torrent cuts it up.
struct HashingCase {
  let layout: FileLayout
  let geometry: PieceGeometry
  /// The bytes of every file of the layout; zeros for pad files.
  let files: [[UInt8]]
  let kinds: DigestKinds

  /// - Parameter isAligned: Pad files put every file but the empty ones at the start of a piece.
  init(lengths: [Int], pieceLength: Int, isAligned: Bool, kinds: DigestKinds, seed: UInt64) throws {
    var entries: [FileEntry] = []
    var files: [[UInt8]] = []
    var offset = 0
    func add(_ bytes: [UInt8], isPadding: Bool) throws {
      entries.append(
        FileEntry(
          path: try #require(TorrentPath(["\(entries.count)"])), length: bytes.count, offset: offset,
          isPadding: isPadding))
      files.append(bytes)
      offset += bytes.count
    }
    for (index, length) in lengths.enumerated() {
      if isAligned, length > 0, offset % pieceLength > 0 {
        try add([UInt8](repeating: 0, count: pieceLength - offset % pieceLength), isPadding: true)
      }
      try add(pattern(length, seed: seed &+ UInt64(index)), isPadding: false)
    }
    layout = FileLayout(files: entries)
    geometry = try #require(PieceGeometry(totalLength: offset, pieceLength: pieceLength))
    self.files = files
    self.kinds = kinds
  }

  var expected: PlainDigests { PlainDigests(files, layout: layout, geometry: geometry, kinds: kinds) }

  /// What the engine tells of each piece, by its number. A piece that is told twice fails the test.
  func outcomes(
    _ pieces: [PieceIndex]? = nil, on disk: MemoryDisk? = nil, threads: Int, order: ReadingOrder = .parallel
  ) -> [Int: PieceDigester<ContentFiles<MemoryDisk>>.Outcome] {
    let disk = disk ?? MemoryDisk(files)
    let outcomes = Lock<[Int: PieceDigester<ContentFiles<MemoryDisk>>.Outcome]>([:])
    PieceDigester(
      disk: disk, layout: layout, geometry: geometry, kinds: kinds, order: order, path: MemoryDisk.path
    ).run(pieces, threads: threads) { piece, outcome in
      let earlier = outcomes.withLock { $0.updateValue(outcome, forKey: piece.value) }
      #expect(earlier == nil)
      return true
    }
    return outcomes.withLock { $0 }
  }
}
