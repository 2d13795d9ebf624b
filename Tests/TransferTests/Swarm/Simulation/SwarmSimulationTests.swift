import Metainfo
import Testing

@testable import Transfer

@Suite("A swarm of cores on a virtual clock")
struct SwarmSimulationTests {
  /// One seeder that all leechers know, and leechers that know each other.
  private func swarm(leechers: Int, pieces: Int, pieceLength: Int, seed: UInt64) -> SwarmSimulation {
    var simulation = SwarmSimulation(pieceCount: pieces, pieceLength: pieceLength, seed: seed)
    var slow = SwarmSimulation.Behaviour()
    slow.uploadRate = 2_000_000
    simulation.add(isSeed: true, behaviour: slow)
    for leecher in 1...leechers {
      simulation.add(isSeed: false)
      simulation.nodes[leecher].governor.memory.capacity = 16 * pieceLength
    }
    for leecher in 1...leechers {
      simulation.introduce(Array(0..<leecher), to: leecher)
    }
    return simulation
  }

  @Test("One seeder and ten leechers share 2,000 pieces; every step keeps the invariants")
  func largeSwarm() {
    let seed: UInt64 = 20_261_121
    var simulation = swarm(leechers: 10, pieces: 2_000, pieceLength: 16_384, seed: seed)
    let isOver = simulation.run(for: .seconds(600)) { $0.isComplete() }
    #expect(simulation.broken == nil, "seed \(seed)")
    #expect(isOver, "seed \(seed): \(simulation.nodes.map { $0.core.have.count }) at \(simulation.now)")
    #expect(simulation.nodes.dropFirst().allSatisfy { $0.completedAt != nil })
    // The point of a swarm: the seeder gave far less than ten copies.
    let bySeeder = simulation.nodes[0].delivered.values.reduce(0, +)
    #expect(bySeeder < 6_000, "the seeder sent \(bySeeder) blocks for 2,000 pieces")
    for leecher in simulation.nodes.dropFirst() {
      #expect(leecher.delivered.values.reduce(0, +) > 0, "a leecher gave nothing")
    }
  }

  @Test(
    "Some want half of the pieces: they get no more, and give what they have",
    arguments: 1...4 as ClosedRange<UInt64>)
  func partialDownloaders(seed: UInt64) {
    let pieces = 120
    var simulation = SwarmSimulation(pieceCount: pieces, pieceLength: 32_768, seed: seed)
    var slow = SwarmSimulation.Behaviour()
    slow.uploadRate = 500_000
    simulation.add(isSeed: true, behaviour: slow)
    var wanted = Bitfield(pieceCount: pieces)
    for piece in 0..<pieces / 2 { wanted.insert(PieceIndex(unchecked: piece)) }
    let partial = simulation.add(isSeed: false, wanted: wanted)
    let whole = simulation.add(isSeed: false)
    let late = simulation.add(isSeed: false, wanted: wanted)
    simulation.introduce([0], to: partial)
    simulation.introduce([0, partial], to: whole)
    // This one knows nobody but the partial one, which goes on giving when it is done.
    simulation.introduce([partial], to: late)
    let isOver = simulation.run(for: .seconds(120)) { $0.isComplete() }
    #expect(simulation.broken == nil, "seed \(seed)")
    #expect(isOver, "seed \(seed): \(simulation.nodes.map { $0.core.have.count }) at \(simulation.now)")
    for node in [partial, late] {
      #expect(simulation.nodes[node].core.have == wanted, "seed \(seed)")
      #expect(simulation.nodes[node].completedAt != nil, "seed \(seed)")
    }
    #expect(simulation.nodes[whole].core.have.isFull, "seed \(seed)")
    let given = simulation.nodes[partial].delivered
    #expect(given[late] ?? 0 >= pieces / 2, "seed \(seed): \(given)")
    #expect(simulation.nodes[partial].farewells.contains(.bothDone), "seed \(seed): it leaves the seeder")
  }

  @Test("The same seed gives the same run, another seed another", arguments: [1, 2, 3] as [UInt64])
  func repeatable(seed: UInt64) {
    func trace(_ seed: UInt64) -> (UInt64, Int) {
      var simulation = swarm(leechers: 4, pieces: 60, pieceLength: 65_536, seed: seed)
      _ = simulation.run(for: .seconds(120)) { $0.isComplete() }
      return (simulation.trace, simulation.steps)
    }
    #expect(trace(seed) == trace(seed))
    #expect(trace(seed) != trace(seed + 1))
  }
}
