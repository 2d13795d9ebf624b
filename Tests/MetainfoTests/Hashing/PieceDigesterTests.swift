import Glibc
import Platform
import Synchronization
import TestKit
import Testing

@testable import Metainfo

@Suite("Hashing of content")
struct PieceDigesterTests {
  static let kinds: [DigestKinds] = [.sha1, .merkle, [.sha1, .merkle]]
  private static let block = 16 * 1024

  @Test("M17 random layouts hash to what a plain computation says", arguments: kinds, 1...8)
  func random(kinds: DigestKinds, threads: Int) throws {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededGenerator(seed: seed)
    for round in 0..<4 {
      let pieceLength = Self.block << Int.random(in: 0...3, using: &random)
      let sizes = [
        0, 1, 100, Self.block - 1, Self.block, Self.block + 1, pieceLength - 1, pieceLength, pieceLength + 1,
        3 * pieceLength + Self.block + 7,
      ]
      let lengths = (0..<Int.random(in: 1...8, using: &random)).map { _ in
        sizes.randomElement(using: &random) ?? 1
      }
      let isAligned = kinds.contains(.merkle) || Bool.random(using: &random)
      let hashing = try HashingCase(
        lengths: lengths, pieceLength: pieceLength, isAligned: isAligned, kinds: kinds, seed: seed)
      let disk = MemoryDisk(
        hashing.files, longestRead: [.max, 1000, Self.block].randomElement(using: &random) ?? 1)
      let order: ReadingOrder = Bool.random(using: &random) ? .parallel : .sequential
      let found = PlainDigests(
        hashing.outcomes(on: disk, threads: threads, order: order), count: hashing.geometry.pieceCount)
      #expect(found == hashing.expected, "seed \(seed), round \(round): \(lengths), pieces of \(pieceLength)")
    }
  }

  /// Pieces of several steps, whose last is not whole, and trees of more than one subtree that are not full.
  @Test("M17 long pieces, around the ends of steps and subtrees", arguments: kinds)
  func longPieces(kinds: DigestKinds) throws {
    let pieceLength = 2 << 20
    let step = BatchShape(kinds: kinds, pieceLength: pieceLength).step
    for length in [step + 1, 1 << 20, (1 << 20) + 1, pieceLength + 1] {
      let hashing = try HashingCase(
        lengths: [length, 5], pieceLength: pieceLength, isAligned: true, kinds: kinds, seed: 1)
      let found = PlainDigests(hashing.outcomes(threads: 2), count: hashing.geometry.pieceCount)
      #expect(found == hashing.expected, "\(length) bytes")
    }
  }

  @Test("M17 version 1 takes pieces of any length", arguments: [1, 63, 1000, 100_000])
  func oddPieces(pieceLength: Int) throws {
    let hashing = try HashingCase(
      lengths: [20 * pieceLength + 1, 0, 7, pieceLength], pieceLength: pieceLength, isAligned: false,
      kinds: .sha1, seed: 2)
    let found = PlainDigests(hashing.outcomes(threads: 3), count: hashing.geometry.pieceCount)
    #expect(found == hashing.expected)
  }

  @Test("only the pieces that are asked for are read", arguments: [ReadingOrder.parallel, .sequential])
  func selection(order: ReadingOrder) throws {
    let hashing = try HashingCase(
      lengths: [Self.block * 9, Self.block * 30 + 5], pieceLength: Self.block, isAligned: true,
      kinds: [.sha1, .merkle],
      seed: 3)
    let chosen = [2, 3, 8, 20, 39].compactMap { hashing.geometry.piece($0) }
    let disk = MemoryDisk(hashing.files)
    let outcomes = hashing.outcomes(chosen, on: disk, threads: 2, order: order)
    #expect(outcomes.keys.sorted() == [2, 3, 8, 20, 39])
    for (piece, outcome) in outcomes {
      #expect(try outcome.get().root?.array == hashing.expected.roots[piece])
    }
    #expect(disk.events.filter { $0.call == .read }.reduce(0) { $0 + $1.range.count } == 4 * Self.block + 5)
  }

  @Test(
    "M18 a file that can't be read fails its own pieces", arguments: [MemoryDisk.Event.Call.open, .read],
    kinds)
  func failure(call: MemoryDisk.Event.Call, kinds: DigestKinds) throws {
    let hashing = try HashingCase(
      lengths: [Self.block * 3, Self.block * 2, Self.block * 4], pieceLength: Self.block, isAligned: true,
      kinds: kinds, seed: 4)
    let disk = MemoryDisk(hashing.files, failing: 1, at: [call])
    let outcomes = hashing.outcomes(on: disk, threads: 2, order: .sequential)
    for piece in 0..<9 {
      switch try #require(outcomes[piece]) {
      case .success(let digests):
        #expect(!(3..<5).contains(piece))
        if kinds.contains(.sha1) { #expect(digests.sha1?.array == hashing.expected.sha1[piece]) }
        if kinds.contains(.merkle) { #expect(digests.root?.array == hashing.expected.roots[piece]) }
      case .failure(let failure):
        #expect((3..<5).contains(piece))
        let reason: ContentFailure.Reason =
          call == .open ? .system(call: "open", Errno(EACCES)) : .system(call: "read", Errno(EIO))
        #expect(failure == ContentFailure(file: 1, reason: reason))
      }
    }
  }

  @Test("a file that is shorter than the layout says fails where it ends")
  func short() throws {
    let hashing = try HashingCase(
      lengths: [Self.block * 4, Self.block * 4], pieceLength: Self.block, isAligned: true, kinds: .merkle,
      seed: 5)
    let disk = MemoryDisk([Array(hashing.files[0].prefix(Self.block * 2 + 1)), hashing.files[1]])
    let outcomes = hashing.outcomes(on: disk, threads: 2)
    let ended = outcomes.filter { $0.value.failure == ContentFailure(file: 0, reason: .ended) }
    #expect(ended.keys.sorted() == [2, 3])
    #expect(outcomes.count == 8)
  }

  @Test("on a disk that turns, the content is asked for in order and before it is read", arguments: kinds)
  func order(kinds: DigestKinds) throws {
    let hashing = try HashingCase(
      lengths: [Self.block * 50, 0, Self.block * 33 + 1, 7], pieceLength: 4 * Self.block, isAligned: true,
      kinds: kinds, seed: 8)
    let disk = MemoryDisk(hashing.files)
    _ = hashing.outcomes(on: disk, threads: 3, order: .sequential)
    let places = disk.events.map { event in
      let offset = hashing.layout.files[event.file].offset
      return (call: event.call, range: offset + event.range.lowerBound..<offset + event.range.upperBound)
    }
    let asked = places.filter { $0.call == .prefetch }.map(\.range)
    #expect(zip(asked, asked.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound })
    // A few reads tell that the disk is needed; while the last of them goes on, the other threads don't know.
    let early = places.indices.count { index in
      places[index].call == .read
        && !places[..<index].contains { $0.call == .prefetch && $0.range.overlaps(places[index].range) }
    }
    #expect(early <= SequentialFeed<ContentFiles<MemoryDisk>>.patience + 2)
  }

  @Test("what is in memory needs no order")
  func cached() throws {
    let hashing = try HashingCase(
      lengths: [Self.block * 50], pieceLength: Self.block, isAligned: true, kinds: .sha1, seed: 9)
    let disk = MemoryDisk(hashing.files, isCached: true)
    let outcomes = hashing.outcomes(on: disk, threads: 3, order: .sequential)
    #expect(outcomes.count == 50)
    #expect(!disk.events.contains { $0.call == .prefetch })
  }

  @Test("the work ends early when it is told to", arguments: [ReadingOrder.parallel, .sequential])
  func stopping(order: ReadingOrder) throws {
    let hashing = try HashingCase(
      lengths: [Self.block * 500], pieceLength: Self.block, isAligned: true, kinds: .sha1, seed: 6)
    let seen = Atomic(0)
    PieceDigester(
      disk: MemoryDisk(hashing.files), layout: hashing.layout, geometry: hashing.geometry, kinds: .sha1,
      order: order, path: MemoryDisk.path
    ).run(threads: 2) { _, _ in
      seen.wrappingAdd(1, ordering: .relaxed)
      return false
    }
    #expect(seen.load(ordering: .relaxed) <= 2)
  }
}

extension Result {
  fileprivate var failure: Failure? {
    guard case .failure(let failure) = self else { return nil }
    return failure
  }
}
