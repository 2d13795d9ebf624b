import Foundation
import TestKit
import Testing

/// A batch of random trees on disk.
struct RandomTrees: Sendable, CustomTestStringConvertible {
  /// Of the first; each following tree has the next number.
  let seed: UInt64
  let count: Int

  var testDescription: String { "AGREEMENT_SEED=\(seed), \(count) trees" }

  /// 60 trees in batches of 20, of another seed in every run. `AGREEMENT_TREES` says how many, `AGREEMENT_SEED` brings
  /// back those of an earlier run: a single tree with the seed that a failure names.
  static let batches: [RandomTrees] = {
    let environment = ProcessInfo.processInfo.environment
    let count = environment["AGREEMENT_TREES"].flatMap(Int.init) ?? 60
    let seed = environment["AGREEMENT_SEED"].flatMap(UInt64.init) ?? .random(in: 1..<1 << 40)
    return stride(from: 0, to: count, by: 20).map {
      RandomTrees(seed: seed + UInt64($0), count: min(20, count - $0))
    }
  }()

  struct Written: Sendable {
    let tree: RandomTree
    /// Absolute.
    let path: String
  }

  /// Writes every tree into a folder of its own, named by its number.
  func write(to folder: TemporaryTree) throws -> [Written] {
    try (0..<count).map { number in
      let tree = RandomTree(seed: seed + UInt64(number))
      return Written(tree: tree, path: try tree.write(to: folder, as: "\(number)"))
    }
  }
}
