import TestKit
import Testing

@testable import Metainfo

@Suite("the tree of a file (BEP 52)")
struct MerkleTreeTests {
  /// The root by the definition: a tree of `count` leaves is the digest of its halves' roots. Leaves that are missing
  /// are zeros.
  static func slowRoot(_ leaves: [[UInt8]], from start: Int, count: Int) -> [UInt8] {
    guard count > 1 else { return start < leaves.count ? leaves[start] : [UInt8](repeating: 0, count: 32) }
    let halves =
      slowRoot(leaves, from: start, count: count / 2)
      + slowRoot(leaves, from: start + count / 2, count: count / 2)
    let digest = SHA256.digest(of: halves)
    return digest.indices.map { digest[$0] }
  }

  static func bytes(_ digest: InlineArray<32, UInt8>) -> [UInt8] { digest.indices.map { digest[$0] } }

  static func leaves(_ count: Int, using random: inout SeededGenerator) -> [[UInt8]] {
    (0..<count).map { _ in (0..<32).map { _ in UInt8(truncatingIfNeeded: random.next()) } }
  }

  @Test("the root over leaves is the one of the definition")
  func rootOfLeaves() {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededGenerator(seed: seed)
    for leafCount in [1, 2, 4, 8, 16, 64, 256] {
      for present in Set([0, 1, 2, 3, 5, 17, 33, 255, leafCount - 1, leafCount]) where present <= leafCount {
        let leaves = Self.leaves(present, using: &random)
        #expect(
          Self.bytes(MerkleTree.root(of: Array(leaves.joined())[...], paddedTo: leafCount))
            == Self.slowRoot(leaves, from: 0, count: leafCount), "\(present) of \(leafCount), seed \(seed)")
      }
    }
  }

  @Test("a count that is no power of two, or below the leaves, is rounded up")
  func rounding() {
    var random = SeededGenerator(seed: 1)
    let leaves = Self.leaves(5, using: &random)
    let root = Self.slowRoot(leaves, from: 0, count: 8)
    for leafCount in [-1, 0, 1, 4, 5, 6, 7, 8] {
      #expect(Self.bytes(MerkleTree.root(of: Array(leaves.joined())[...], paddedTo: leafCount)) == root)
    }
  }

  @Test("a slice that doesn't start at zero, and bytes that are no whole leaf")
  func slices() {
    var random = SeededGenerator(seed: 2)
    let leaves = Self.leaves(3, using: &random)
    let bytes: [UInt8] = [1, 2, 3] + Array(leaves.joined()) + [4, 5]
    #expect(
      Self.bytes(MerkleTree.root(of: bytes[3...], paddedTo: 4)) == Self.slowRoot(leaves, from: 0, count: 4))
  }

  @Test("the root over a piece layer is the root over all leaves", arguments: [1, 2, 4, 64])
  func rootOfLayer(leavesPerPiece: Int) {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededGenerator(seed: seed)
    for leafCount in [1, 2, 3, 64, 65, 200] where leafCount > leavesPerPiece {
      let leaves = Self.leaves(leafCount, using: &random)
      let layer = stride(from: 0, to: leafCount, by: leavesPerPiece).flatMap {
        Self.slowRoot(leaves, from: $0, count: leavesPerPiece)
      }
      var padded = 1
      while padded < leafCount { padded *= 2 }
      #expect(
        Self.bytes(
          MerkleTree.root(ofPieceLayer: layer[...], pieceLength: leavesPerPiece * MerkleTree.blockLength))
          == Self.slowRoot(leaves, from: 0, count: padded),
        "\(leafCount) leaves, \(leavesPerPiece) a piece, seed \(seed)")
    }
  }

  /// Written by libtorrent 2.1.1 for a file whose byte number `i` is `(7 * i + i / 256) % 256`.
  @Test(
    "the roots of files are libtorrent's",
    arguments: [
      (1, 16384, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
      (16384, 16384, "5252abae92836caa122f8d6c078aa2487dc32b17e1b204a7cc022809faebc192"),
      (16385, 16384, "831c51b911745d225c3ef7ddaaeb0971d93962202f8bd82789db755f86fb5a49"),
      (100_000, 32768, "a61f2da045dde32ea6426a18b0d05e483d7686473b1dacbd9cc24e56caa4770d"),
      (1_000_000, 65536, "f4d918d826a10002b0b698e2594dfc757fb049f7653708a5a96e5b9fb578fd0d"),
      (3_000_000, 16384, "deb354a327bf4dae3668c57991aae14e62ef96a1f759f1dd6ad06c5df3b5f2e5"),
      (1_048_576, 1_048_576, "a63cdc9a06559bfd6b926e95165b7aaca0f00ea6e507460227c72614fe12ae98"),
    ])
  func knownRoots(length: Int, pieceLength: Int, expected: String) {
    let file = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
    let blocks = MerkleTree.blockLength
    var leaves = [UInt8](repeating: 0, count: (length + blocks - 1) / blocks * SHA256.length)
    file.withUnsafeBytes { file in
      leaves.withUnsafeMutableBytes { SHA256.digests(of: file, messageLength: blocks, into: $0) }
    }
    #expect(hexadecimal(Self.bytes(MerkleTree.root(of: leaves[...], paddedTo: 1))) == expected)
    guard length > pieceLength else { return }

    let pieceBytes = pieceLength / blocks * SHA256.length
    let layer = stride(from: 0, to: leaves.count, by: pieceBytes).flatMap {
      Self.bytes(
        MerkleTree.root(
          of: leaves[$0..<min($0 + pieceBytes, leaves.count)], paddedTo: pieceLength / blocks))
    }
    #expect(
      hexadecimal(Self.bytes(MerkleTree.root(ofPieceLayer: layer[...], pieceLength: pieceLength))) == expected
    )
  }
}
