import Testing

@testable import Transfer

@Suite struct TimerHeapTests {
  private func at(_ n: Int64) -> Instant { Instant(nanoseconds: n) }

  @Test func firesInOrderAndTheOlderFirstAmongEquals() {
    var heap = TimerHeap()
    var fired: [Int] = []
    for (number, due) in [30, 10, 20, 10].enumerated() {
      _ = heap.add(due: at(Int64(due))) { fired.append(number) }
    }
    #expect(heap.firstDue == at(10))
    while let body = heap.takeDue(at: at(20)) { body() }
    #expect(fired == [1, 3, 2])
    #expect(heap.firstDue == at(30))
  }

  @Test func cancelledAndFiredTimersNameNothing() {
    var heap = TimerHeap()
    let first = heap.add(due: at(1)) {}
    #expect(heap.cancel(first) != nil)
    #expect(heap.cancel(first) == nil)
    let second = heap.add(due: at(1)) {}
    #expect(heap.cancel(first) == nil, "its place has been taken by another")
    #expect(heap.takeDue(at: at(1)) != nil)
    #expect(heap.cancel(second) == nil)
    #expect(heap.isEmpty)
  }

  @Test(arguments: [UInt64(1), 2, 3, 4, 5])
  func agreesWithASortedList(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var heap = TimerHeap()
    var expected: [(due: Int64, number: Int, timer: Transfer.Timer)] = []
    var fired: [Int] = []
    var now: Int64 = 0
    for number in 0..<2_000 {
      switch random.next() % 4 {
      case 0 where !expected.isEmpty:
        let victim = expected.remove(at: Int(random.next() % UInt64(expected.count)))
        #expect(heap.cancel(victim.timer) != nil, "seed \(seed)")
      case 1:
        now += Int64(random.next() % 20)
        fired = []
        while let body = heap.takeDue(at: at(now)) { body() }
        let due = expected.filter { $0.due <= now }.sorted { ($0.due, $0.number) < ($1.due, $1.number) }
        #expect(fired == due.map(\.number), "seed \(seed)")
        expected.removeAll { $0.due <= now }
      default:
        let due = now + Int64(random.next() % 100)
        expected.append((due, number, heap.add(due: at(due)) { fired.append(number) }))
      }
      #expect(heap.count == expected.count)
    }
  }
}
