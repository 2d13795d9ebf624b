import Testing

@testable import Transfer

@Suite("Choker")
struct ChokerTests {
  private func at(_ seconds: Int) -> Instant { Instant(nanoseconds: 0) + .seconds(seconds) }

  private func candidate(_ peer: Int, rate: Int, isUnchoked: Bool = false, since: Int = 0) -> Choker.Candidate
  {
    Choker.Candidate(peer: CoreHarness.key(peer), rate: rate, isUnchoked: isUnchoked, since: at(since))
  }

  private func numbers(_ keys: [PeerKey]) -> [Int] { keys.map { Int($0.slot) } }

  @Test("While there are places for all, all have one")
  func few() {
    var choker = Choker(ChokingTimes())
    var random = SplitMix64(seed: 1)
    let chosen = choker.choose(4, among: (1...4).map { candidate($0, rate: 0) }, at: at(0), using: &random)
    #expect(numbers(chosen) == [1, 2, 3, 4])
    let none = choker.choose(4, among: [], at: at(0), using: &random)
    #expect(none.isEmpty)
  }

  @Test("The fastest keep their places; the last place goes to one of the others")
  func fastest() {
    var choker = Choker(ChokingTimes())
    var random = SplitMix64(seed: 1)
    let candidates = (1...6).map { candidate($0, rate: $0 * 100) }
    let chosen = numbers(choker.choose(3, among: candidates, at: at(0), using: &random))
    #expect(chosen.count == 3 && Array(chosen.prefix(2)) == [6, 5] && chosen[2] < 5)
  }

  @Test("Of equals those stay that are unchoked already, so places do not flap")
  func stable() {
    var choker = Choker(ChokingTimes())
    var random = SplitMix64(seed: 1)
    let candidates = (1...6).map { candidate($0, rate: 100, isUnchoked: $0 == 3 || $0 == 5) }
    let chosen = numbers(choker.choose(3, among: candidates, at: at(0), using: &random))
    #expect(Set(chosen.prefix(2)) == [3, 5])
  }

  @Test(
    "The place that goes round stays 30 s with one peer, then goes to who has waited longest",
    arguments: [1, 2])
  func optimistic(slots: Int) {
    var choker = Choker(ChokingTimes())
    var random = SplitMix64(seed: 1)
    // Peer 1 is the fastest; peers 2 to 4 have waited for different times.
    var unchoked: Set<Int> = []
    var since = [0, 0, 30, 20, 10]
    var turns: [Int] = []
    for round in 0..<12 {
      let time = 100 + 10 * round
      let candidates = (1...4).map {
        candidate($0, rate: $0 == 1 ? 100 : 0, isUnchoked: unchoked.contains($0), since: since[$0])
      }
      let chosen = numbers(choker.choose(slots, among: candidates, at: at(time), using: &random))
      #expect(Set(chosen).count == slots)
      turns.append(chosen.last ?? 0)
      for peer in Set(chosen).symmetricDifference(unchoked) { since[peer] = time }
      unchoked = Set(chosen)
    }
    let order = slots == 1 ? [1, 4, 3, 2] : [4, 3, 2, 4]
    #expect(turns == order.flatMap { [$0, $0, $0] })
  }

  @Test("Who had the place that goes round and leaves is followed at once")
  func departed() {
    var choker = Choker(ChokingTimes())
    var random = SplitMix64(seed: 1)
    let all = (1...5).map { candidate($0, rate: $0 == 5 ? 9 : 0, since: $0) }
    let first = numbers(choker.choose(2, among: all, at: at(0), using: &random))
    #expect(first == [5, 1])
    let second = numbers(
      choker.choose(2, among: all.filter { $0.peer.slot != 1 }, at: at(10), using: &random))
    #expect(second == [5, 2])
  }
}
