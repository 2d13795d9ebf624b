import Metainfo
import Testing

@testable import Transfer

/// Swarms in which some nodes lie, stall or vanish: the honest ones finish all the same.
@Suite("Swarms with hostile or failing nodes")
struct HostileSwarmTests {
  typealias Behaviour = SwarmSimulation.Behaviour

  private func behaviour(_ change: (inout Behaviour) -> Void) -> Behaviour {
    var behaviour = Behaviour()
    change(&behaviour)
    return behaviour
  }

  /// Seeds 0, 1, … with these behaviours, and one leecher behind them that knows them all.
  private func swarm(
    pieces: Int = 60, pieceLength: Int = 65_536, seeds: [Behaviour], seed: UInt64
  ) -> SwarmSimulation {
    var simulation = SwarmSimulation(pieceCount: pieces, pieceLength: pieceLength, seed: seed)
    for behaviour in seeds { simulation.add(isSeed: true, behaviour: behaviour) }
    let leecher = simulation.add(isSeed: false)
    simulation.introduce(Array(0..<leecher), to: leecher)
    return simulation
  }

  @Test(
    "W08 one of three seeds corrupts some or all of its blocks: the file is right, and only the liar is banned",
    arguments: [1.0, 0.3, 0.01], 1...6 as ClosedRange<UInt64>)
  func liar(corruption: Double, seed: UInt64) {
    let liar = behaviour {
      $0.corruption = corruption
      $0.uploadRate = 1_000_000
    }
    let honest = behaviour { $0.uploadRate = 1_000_000 }
    var simulation = swarm(pieces: 40, pieceLength: 16 * 16_384, seeds: [honest, liar, honest], seed: seed)
    let isOver = simulation.run(for: .seconds(300)) { $0.isComplete() }
    let leecher = simulation.nodes[3]
    #expect(isOver && simulation.broken == nil, "seed \(seed): \(simulation.broken ?? "not complete")")
    #expect(
      leecher.banned.allSatisfy { $0 == simulation.nodes[1].endpoint }, "seed \(seed): \(leecher.banned)")
    if corruption > 0.1 { #expect(!leecher.banned.isEmpty, "seed \(seed)") }
    expectLittleWaste(of: corruption > 0.1 ? 2 : 4, leecher.core, "corruption \(corruption), seed \(seed)")
  }

  @Test(
    "W08 exactly one wrong block, first, middle or last of its piece: found, fetched again, and proven",
    arguments: [0, 7, 15], 1...4 as ClosedRange<UInt64>)
  func oneWrongBlock(number: Int, seed: UInt64) {
    let liar = behaviour { $0.corruptBlock = number }
    var simulation = swarm(
      pieces: 40, pieceLength: 16 * 16_384, seeds: [Behaviour(), liar, Behaviour()], seed: seed)
    let isOver = simulation.run(for: .seconds(300)) { $0.isComplete() }
    let leecher = simulation.nodes[3]
    #expect(isOver && simulation.broken == nil, "seed \(seed): \(simulation.broken ?? "not complete")")
    #expect(leecher.banned == [simulation.nodes[1].endpoint], "seed \(seed)")
    expectLittleWaste(of: 2, leecher.core, "block \(number), seed \(seed)")
  }

  /// The piece that was wrong, what else the banned peer had sent of pieces under way, and the doubles of the end
  /// game.
  private func expectLittleWaste(of pieces: Int, _ core: SwarmCore, _ comment: Comment) {
    let doubles = 3 * SwarmCore.endGameWindow * 16_384
    #expect(core.wastedBytes <= pieces * core.geometry.pieceLength + doubles, comment)
  }

  @Test(
    "W10 peers that reject, never unchoke, send nothing or a byte a second: one honest seed is enough",
    arguments: 1...6 as ClosedRange<UInt64>)
  func useless(seed: UInt64) {
    let useless = [
      behaviour { $0.rejectsEverything = true }, behaviour { $0.neverUnchokes = true },
      behaviour { $0.sendsNothing = true }, behaviour { $0.uploadRate = 1 },
    ]
    let honest = behaviour { $0.uploadRate = 500_000 }
    var simulation = swarm(seeds: useless + useless + [honest], seed: seed)
    let isOver = simulation.run(for: .seconds(120)) { $0.isComplete() }
    #expect(isOver && simulation.broken == nil, "seed \(seed): \(simulation.broken ?? "not complete")")
    #expect(simulation.nodes[9].banned.isEmpty)
    // Eight seconds at the honest seed's rate, and a moment for what the others hold up.
    let seconds = Double(simulation.now.nanoseconds) / 1e9
    #expect(seconds < 14, "seed \(seed): \(seconds) s")
  }

  @Test("W10 alone with a useless peer a core keeps quiet", arguments: [0, 1, 2, 3])
  func noBusyLoop(kind: Int) {
    let useless = [
      behaviour { $0.rejectsEverything = true }, behaviour { $0.neverUnchokes = true },
      behaviour { $0.sendsNothing = true }, behaviour { $0.uploadRate = 1 },
    ]
    var simulation = swarm(seeds: [useless[kind]], seed: 3)
    _ = simulation.run(for: .seconds(600)) { _ in false }
    // Two nodes tick 4,800 times; little may come on top.
    #expect(
      simulation.broken == nil && simulation.steps < 4_800 + 2_500, "\(simulation.steps) steps in ten minutes"
    )
  }

  @Test(
    "Connections that break at random, again and again: everyone finishes",
    arguments: 1...30 as ClosedRange<UInt64>)
  func cuts(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var simulation = SwarmSimulation(
      pieceCount: Int.random(in: 5...60, using: &random),
      pieceLength: 16_384 * Int.random(in: 1...5, using: &random),
      seed: seed)
    let nodes = Int.random(in: 3...6, using: &random)
    for node in 0..<nodes {
      var limits = SwarmLimits()
      limits.maxWorkers = Int.random(in: 1...6, using: &random)
      let slots = Int.random(in: 1...4, using: &random)
      limits.isSequential = Int.random(in: 0..<4, using: &random) == 0
      let memory = Bool.random(using: &random) ? 1 << 17 : 24 << 20
      let rate = Int.random(in: 50_000...1_000_000, using: &random)
      simulation.add(isSeed: node == 0, behaviour: behaviour { $0.uploadRate = rate }, limits: limits)
      simulation.nodes[node].governor.slots.capacity = slots
      simulation.nodes[node].governor.memory.capacity = memory
      simulation.introduce(Array(0..<node), to: node)
    }
    var isOver = false
    for _ in 0..<60 where !isOver {
      isOver = simulation.run(for: .milliseconds(Int.random(in: 50...1_500, using: &random))) {
        $0.isComplete()
      }
      let a = Int.random(in: 0..<nodes, using: &random)
      let b = Int.random(in: 0..<nodes, using: &random)
      if a != b { simulation.cut(a, b) }
    }
    if !isOver { isOver = simulation.run(for: .seconds(600)) { $0.isComplete() } }
    #expect(
      isOver && simulation.broken == nil,
      "seed \(seed): \(simulation.broken ?? "\(simulation.nodes.map { $0.core.have.count })")")
    #expect(simulation.nodes.allSatisfy { $0.banned.isEmpty }, "seed \(seed)")
  }

  @Test("A worker does not stay with a slow peer while a fast one waits")
  func slowPeersFirst() {
    var simulation = SwarmSimulation(pieceCount: 300, pieceLength: 65_536, seed: 9)
    let slow = behaviour { $0.uploadRate = 30_000 }
    for number in 0..<6 { simulation.add(isSeed: true, behaviour: number < 3 ? slow : Behaviour()) }
    var limits = SwarmLimits()
    limits.maxWorkers = 3
    let leecher = simulation.add(isSeed: false, limits: limits)
    simulation.introduce([0, 1, 2], to: leecher)
    _ = simulation.run(for: .seconds(2)) { _ in false }
    simulation.introduce([3, 4, 5], to: leecher)
    let isOver = simulation.run(for: .seconds(90)) { $0.isComplete() }
    // The slow three alone need 218 s.
    #expect(
      isOver && simulation.broken == nil,
      "\(simulation.nodes[leecher].core.have.count) pieces at \(simulation.now)")
  }
}
