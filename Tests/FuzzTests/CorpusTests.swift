import Foundation
import FuzzTargets
import Testing

/// Every input that was ever worth keeping, through the target that it was kept for: one that breaks a precondition ends the
/// test's process.
@Suite struct CorpusTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
    .standardized

  private static func files(_ folder: String) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(
      at: root.appending(path: folder), includingPropertiesForKeys: nil
    ).sorted { $0.path < $1.path }
  }

  @Test("Every corpus is replayed", arguments: FuzzTarget.all.map(\.name))
  func replay(_ name: String) throws {
    let target = try #require(FuzzTarget.all.first { $0.name == name })
    let corpus = try Self.files("Fuzz/corpus/\(name)")
    #expect(!corpus.isEmpty)
    for file in corpus { target.run(Array(try Data(contentsOf: file))) }
  }

  @Test("Each folder of the corpus has its target")
  func folders() throws {
    #expect(try Self.files("Fuzz/corpus").map(\.lastPathComponent) == FuzzTarget.all.map(\.name))
  }

  @Test("W21 whatever three peers' streams do to three torrents of a session, invariants and bounds hold")
  func swarm() throws {
    let target = try #require(FuzzTarget.all.first { $0.name == "swarm" })
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var random = SeededBytes(seed: seed)
    for _ in 0..<500 { target.run(random.bytes(2_000)) }
  }
}

/// SplitMix64: a run can be repeated from its seed.
private struct SeededBytes {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in
      state &+= 0x9e37_79b9_7f4a_7c15
      var word = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
      word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
      return UInt8(truncatingIfNeeded: word ^ (word >> 31))
    }
  }
}
