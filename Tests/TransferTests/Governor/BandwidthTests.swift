import TestKit
import Testing

@testable import Transfer

@Suite("Governor: bandwidth")
struct BandwidthTests {
  private static let block = 16_384

  private func at(_ seconds: Double) -> Instant { Instant(nanoseconds: Int64(seconds * 1e9)) }
  private func torrent(_ number: Int) -> TorrentKey { TorrentKey(slot: UInt32(number), generation: 1) }
  private func peer(_ number: Int) -> PeerKey { PeerKey(slot: UInt32(number), generation: 1) }

  /// Takers that always want a block more, driven as a session drives its cores.
  private struct Line {
    var bandwidth: Bandwidth
    var moved: [Bandwidth.Turn: Int] = [:]
    var now = Instant(nanoseconds: 0)

    init(_ bandwidth: Bandwidth) { self.bandwidth = bandwidth }

    mutating func want(_ torrent: TorrentKey, _ peer: PeerKey) {
      let turn = Bandwidth.Turn(torrent: torrent, peer: peer)
      while bandwidth.take(BandwidthTests.block, for: peer, of: torrent, at: now) {
        moved[turn, default: 0] += BandwidthTests.block
      }
    }

    mutating func run(until end: Instant, isEager: (Bandwidth.Turn) -> Bool = { _ in true }) {
      while let due = bandwidth.nextDue, due <= end {
        now = max(now, due)
        while let turn = bandwidth.nextTurn(at: now) {
          if isEager(turn) { want(turn.torrent, turn.peer) }
        }
      }
      now = end
    }

    func sum(of torrent: TorrentKey) -> Int {
      moved.reduce(0) { $0 + ($1.key.torrent == torrent ? $1.value : 0) }
    }
  }

  @Test("Who comes when there is something again waits behind those in line, of its torrent and of others")
  func order() {
    var bandwidth = Bandwidth(limit: Self.block)
    func take(_ number: Int, of torrentNumber: Int, _ now: Double) -> Bool {
      bandwidth.take(Self.block, for: peer(number), of: torrent(torrentNumber), at: at(now))
    }
    while take(1, of: 1, 0) {}
    let early = take(2, of: 1, 0)
    // Enough for one by then, and nobody has been called yet.
    let newcomers = [take(3, of: 2, 1.5), take(4, of: 1, 1.5)]
    #expect(!early && newcomers == [false, false])
    var order: [PeerKey] = []
    var now = 1.5
    while order.count < 4, now < 60 {
      while let turn = bandwidth.nextTurn(at: at(now)) {
        order.append(turn.peer)
        #expect(take(Int(turn.peer.slot), of: Int(turn.torrent.slot), now))
      }
      now += 0.5
    }
    #expect(order == [peer(1), peer(3), peer(2), peer(4)])
  }

  @Test("Without a limit everything passes at once, and nobody waits")
  func unlimited() {
    var bandwidth = Bandwidth()
    for number in 0..<1_000 {
      let passes = bandwidth.take(1 << 40, for: peer(number), of: torrent(number % 7), at: at(0))
      #expect(passes)
    }
    let turn = bandwidth.nextTurn(at: at(1))
    #expect(turn == nil && bandwidth.nextDue == nil && bandwidth.waitingCount == 0)
  }

  @Test("One limit holds for all torrents together, and they get the same", arguments: [2, 3, 10])
  func together(count: Int) {
    let rate = 256 << 10
    var line = Line(Bandwidth(limit: rate))
    // The first has ten peers that want something, the others one.
    for number in 0..<10 { line.want(torrent(0), peer(number)) }
    for number in 1..<count { line.want(torrent(number), peer(0)) }
    line.run(until: at(60))
    let sums = (0..<count).map { line.sum(of: torrent($0)) }
    let total = sums.reduce(0, +)
    #expect(total <= rate * 60 + rate / 4 + Self.block && total >= rate * 59, "\(total)")
    for sum in sums {
      #expect(abs(sum - total / count) <= rate / 4 + 2 * Self.block, "\(sums)")
    }
  }

  @Test("What a torrent with a limit of its own leaves, the others get")
  func flowsOn() {
    let rate = 1 << 20
    var line = Line(Bandwidth(limit: rate))
    line.bandwidth.setLimit(rate / 10, of: torrent(0))
    for number in 0..<3 { line.want(torrent(number), peer(0)) }
    line.run(until: at(30))
    #expect(abs(line.sum(of: torrent(0)) - rate * 3) <= rate / 10 + 2 * Self.block)
    let others = [1, 2].map { line.sum(of: torrent($0)) }
    #expect(others.allSatisfy { abs($0 - rate * 30 * 9 / 20) <= rate / 2 }, "\(others)")
  }

  @Test("A torrent's own limit holds without one of the session, and can be lifted")
  func ownLimit() {
    var line = Line(Bandwidth())
    line.bandwidth.setLimit(100_000, of: torrent(1))
    line.want(torrent(1), peer(1))
    let isOtherFree = line.bandwidth.take(1 << 30, for: peer(1), of: torrent(2), at: at(0))
    line.run(until: at(20))
    #expect(isOtherFree)
    #expect((1_900_000...2_100_000).contains(line.sum(of: torrent(1))), "\(line.sum(of: torrent(1)))")
    line.bandwidth.setLimit(0, of: torrent(1))
    line.run(until: at(40))
    let stopped = line.sum(of: torrent(1))
    line.bandwidth.setLimit(nil, of: torrent(1))
    let turn = line.bandwidth.nextTurn(at: at(40))
    #expect(stopped <= 2_100_000)
    #expect(turn?.torrent == torrent(1) || !line.bandwidth.isLimited)
    let isFree = line.bandwidth.take(1 << 30, for: peer(1), of: torrent(1), at: at(40))
    #expect(isFree)
  }

  @Test("Who is called and wants nothing holds nobody up")
  func noDemand() {
    let rate = 1 << 20
    var line = Line(Bandwidth(limit: rate))
    for number in 0..<4 { line.want(torrent(number), peer(0)) }
    let before = line.sum(of: torrent(3))
    line.run(until: at(10)) { $0.torrent == torrent(3) }
    #expect(line.sum(of: torrent(3)) - before >= rate * 9)
  }

  @Test("Refused requests are given back and can be taken again")
  func givenBack() {
    var bandwidth = Bandwidth(limit: 100_000)
    var taken = 0
    while bandwidth.take(Self.block, for: peer(0), of: torrent(0), at: at(0)) { taken += 1 }
    bandwidth.giveBack(taken * Self.block, of: torrent(0))
    let turn = bandwidth.nextTurn(at: at(0))
    let again = bandwidth.take(Self.block, for: peer(0), of: torrent(0), at: at(0))
    #expect(turn?.peer == peer(0) && again)
  }

  @Test(
    "Whatever comes and goes: no more than the limits pass, and nobody who wants something is left out",
    arguments: UInt64(1)...20)
  func anything(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let rate = Int.random(in: 20_000...5_000_000, using: &random)
    var line = Line(Bandwidth(limit: rate))
    var own: [Int: Int] = [:]
    for number in 0..<6 where Bool.random(using: &random) {
      own[number] = Int.random(in: 5_000...1_000_000, using: &random)
      line.bandwidth.setLimit(own[number], of: torrent(number))
    }
    var leaving: Set<Int> = []
    for second in 0..<120 {
      for number in 0..<6 where !leaving.contains(number) && Int.random(in: 0..<4, using: &random) == 0 {
        line.want(torrent(number), peer(Int.random(in: 0..<5, using: &random)))
      }
      if second == 60 {
        leaving = [Int.random(in: 0..<6, using: &random)]
        for number in leaving { line.bandwidth.remove(torrent(number)) }
        for number in leaving { own[number] = nil }
      }
      line.run(until: at(Double(second + 1))) { !leaving.contains(Int($0.torrent.slot)) }
      let total = line.moved.values.reduce(0, +)
      #expect(total <= rate * (second + 1) + rate / 4 + Self.block, "seed \(seed), second \(second)")
      for (number, limit) in own {
        #expect(
          line.sum(of: torrent(number)) <= limit * (second + 1) + limit / 4 + Self.block, "seed \(seed)")
      }
    }
    for number in 0..<6 where !leaving.contains(number) {
      #expect(line.sum(of: torrent(number)) > 0, "seed \(seed): torrent \(number) got nothing")
    }
  }
}
