import TestKit
import Testing

@testable import Transfer

@Suite("Governor: lines, dials, memory, slots, seats, turns")
struct GovernorTests {
  private func at(_ seconds: Double) -> Instant { Instant(nanoseconds: Int64(seconds * 1e9)) }
  private func torrent(_ number: Int) -> TorrentKey { TorrentKey(slot: UInt32(number), generation: 1) }
  private func address(_ bytes: UInt8...) throws -> IPAddress { try #require(IPAddress(bytes)) }

  @Test("A line is first come, first served, whoever leaves in between", arguments: UInt64(1)...20)
  func line(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var line = WaitingLine<Int>()
    var model: [Int] = []
    for _ in 0..<5_000 {
      let number = Int.random(in: 0..<40, using: &random)
      switch Int.random(in: 0..<5, using: &random) {
      case 0, 1:
        line.join(number)
        if !model.contains(number) { model.append(number) }
      case 2, 3:
        line.leave(number)
        model.removeAll { $0 == number }
      default:
        let first = line.first()
        let called = line.callFirst()
        let expected = model.isEmpty ? nil : model.removeFirst()
        #expect(first == expected && called == expected, "seed \(seed)")
      }
      #expect(line.count == model.count && line.contains(number) == model.contains(number), "seed \(seed)")
    }
  }

  @Test("Deadlines come in order, also when they move", arguments: UInt64(1)...20)
  func deadlines(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var deadlines = Deadlines<Int>()
    var model: [Int: Int] = [:]
    for _ in 0..<3_000 {
      let key = Int.random(in: 0..<50, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0, 1:
        let due = Int.random(in: 0..<1_000, using: &random)
        model[key] = due
        deadlines.set(key, due: at(Double(due)))
      case 2:
        let wasThere = deadlines.remove(key)
        #expect(wasThere == (model.removeValue(forKey: key) != nil), "seed \(seed)")
      default:
        let now = Int.random(in: 0..<1_000, using: &random)
        let popped = deadlines.popDue(at: at(Double(now)))
        let least = model.values.min()
        #expect((popped != nil) == (least ?? .max <= now), "seed \(seed)")
        if let popped { #expect(model.removeValue(forKey: popped) == least, "seed \(seed)") }
      }
      #expect(deadlines.first == model.values.min().map { at(Double($0)) }, "seed \(seed)")
      #expect(deadlines[key] == model[key].map { at(Double($0)) }, "seed \(seed)")
    }
  }

  @Test("No more dials than there are, and all who wait are served", arguments: UInt64(1)...20)
  func dials(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var dials = Dials(5)
    var held: [Int: Int] = [:]
    var served = Set<Int>()
    for round in 0..<3_000 {
      let number = Int.random(in: 0..<8, using: &random)
      switch Int.random(in: 0..<20, using: &random) {
      case 0:
        dials.remove(torrent(number))
        held[number] = nil
      case 1..<10:
        dials.giveBack(of: torrent(number))
        held[number] = held[number].flatMap { $0 > 1 ? $0 - 1 : nil }
      default:
        if dials.take(for: torrent(number)) { held[number, default: 0] += 1 }
      }
      while let next = dials.nextTurn() {
        // One in four has lost interest.
        guard Int.random(in: 0..<4, using: &random) > 0 else { continue }
        let got = dials.take(for: next)
        #expect(got, "seed \(seed): called, and nothing there")
        held[Int(next.slot), default: 0] += 1
        served.insert(Int(next.slot))
      }
      #expect(dials.taken == held.values.reduce(0, +) && dials.taken <= 5, "seed \(seed) \(round)")
    }
    #expect(served.count == 8, "seed \(seed): \(served)")
  }

  @Test("Memory is in even parts of those that fetch, and comes back", arguments: UInt64(1)...20)
  func memory(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var memory = PieceMemory(of: 1_000)
    var held: [Int: Int] = [:]
    for _ in 0..<3_000 {
      let number = Int.random(in: 0..<6, using: &random)
      let bytes = Int.random(in: 1...200, using: &random)
      let others = held.keys.count { $0 != number }
      #expect(memory.part(of: torrent(number)) == 1_000 / (others + 1), "seed \(seed)")
      switch Int.random(in: 0..<8, using: &random) {
      case 0:
        memory.remove(torrent(number))
        held[number] = nil
      case 1...3:
        memory.giveBack(bytes, of: torrent(number))
        let left = max(0, (held[number] ?? 0) - bytes)
        held[number] = left == 0 ? nil : left
      default:
        // As a core does: nothing beyond its part.
        guard (held[number] ?? 0) + bytes <= memory.part(of: torrent(number)) else { continue }
        memory.take(bytes, for: torrent(number))
        held[number, default: 0] += bytes
      }
      #expect(memory.taken == held.values.reduce(0, +), "seed \(seed)")
      #expect(memory.taken(by: torrent(number)) == held[number] ?? 0, "seed \(seed)")
    }
  }

  @Test("Slots go to those who want them, and what one does not want the others get")
  func slots() {
    var slots = UploadSlots(8)
    func shares() -> [Int] {
      [slots.share(of: torrent(1)), slots.share(of: torrent(2)), slots.share(of: torrent(3))]
    }
    slots.want(3, for: torrent(1))
    #expect(shares() == [8, 5, 5])
    slots.want(2, for: torrent(2))
    #expect(shares() == [6, 5, 3])
    slots.want(100, for: torrent(2))
    #expect(shares() == [3, 5, 0])
    slots.want(100, for: torrent(1))
    slots.want(100, for: torrent(3))
    #expect(shares().sorted() == [2, 3, 3])
    slots.remove(torrent(2))
    slots.want(0, for: torrent(3))
    #expect(shares()[0] == 8)
  }

  @Test("A torrent with more than its share is told, gives up, and the other gets it")
  func unsettled() {
    var slots = UploadSlots(4)
    slots.want(9, for: torrent(1))
    while slots.take(for: torrent(1)) {}
    #expect(slots.taken == 4)
    slots.want(1, for: torrent(2))
    let early = slots.take(for: torrent(2))
    let unsettled = slots.unsettled()
    #expect(!early && unsettled == [torrent(1), torrent(2)])
    slots.giveBack(of: torrent(1))
    let late = slots.take(for: torrent(2))
    let settled = slots.unsettled()
    #expect(late && slots.taken == 4 && settled.isEmpty)
  }

  @Test("With more torrents than slots each has its turn")
  func slotsRotate() {
    var slots = UploadSlots(3)
    for number in 0..<10 { slots.want(5, for: torrent(number)) }
    var rounds = [Int](repeating: 0, count: 10)
    for _ in 0..<10 {
      for number in 0..<10 { rounds[number] += slots.share(of: torrent(number)) }
      slots.rotate()
    }
    #expect(rounds.allSatisfy { $0 == 3 }, "\(rounds)")
  }

  @Test("Never more slots than there are, whatever is wanted", arguments: UInt64(1)...20)
  func anySlots(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var slots = UploadSlots(Int.random(in: 1...12, using: &random))
    var taken: [Int: Int] = [:]
    var wanted: [Int: Int] = [:]
    for _ in 0..<2_000 {
      let number = Int.random(in: 0..<9, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0:
        wanted[number] = Int.random(in: 0..<7, using: &random)
        slots.want(wanted[number] ?? 0, for: torrent(number))
      case 1:
        slots.rotate()
      case 2 where taken[number] ?? 0 > 0:
        slots.giveBack(of: torrent(number))
        taken[number, default: 0] -= 1
      case 3 where number == 8:
        slots.remove(torrent(number))
        taken[number] = 0
        wanted[number] = 0
      default:
        let share = slots.share(of: torrent(number))
        if slots.take(for: torrent(number)) {
          taken[number, default: 0] += 1
          #expect(taken[number] ?? 0 <= share, "seed \(seed)")
        }
      }
      #expect(slots.taken == taken.values.reduce(0, +) && slots.taken <= slots.capacity, "seed \(seed)")
    }
    // Everyone does as told: what is wanted and there is given.
    for number in 0..<9 { slots.want(3, for: torrent(number)) }
    for _ in 0..<3 {
      for torrent in slots.unsettled() {
        while taken[Int(torrent.slot)] ?? 0 > slots.share(of: torrent) {
          slots.giveBack(of: torrent)
          taken[Int(torrent.slot), default: 0] -= 1
        }
        while slots.take(for: torrent) { taken[Int(torrent.slot), default: 0] += 1 }
      }
    }
    #expect(slots.taken == slots.capacity, "seed \(seed)")
  }

  @Test("Seats: some are kept for those we dial, one address has its part, private networks may have all")
  func seats() throws {
    var seats = Seats(80)
    let one = try address(93, 184, 216, 34)
    for _ in 0..<seats.partOfAddress { seats.take(one, for: torrent(1), isOutgoing: false) }
    #expect(seats.ask(one, for: torrent(1), isOutgoing: false) == .crowded)
    #expect(seats.ask(one, for: torrent(1), isOutgoing: true) == .free)
    for last in UInt8(1)..<16 {
      seats.take(try address(93, 184, 216, last), for: torrent(1), isOutgoing: false)
    }
    #expect(seats.taken == seats.partOfNetwork)
    #expect(seats.ask(try address(93, 184, 216, 99), for: torrent(1), isOutgoing: false) == .crowded)
    let home = try address(192, 168, 1, 2)
    while seats.ask(home, for: torrent(1), isOutgoing: false) == .free {
      seats.take(home, for: torrent(1), isOutgoing: false)
    }
    #expect(seats.taken == 80 - seats.reserved)
    #expect(seats.ask(home, for: torrent(1), isOutgoing: false) == .after(torrent(1)))
    while seats.ask(one, for: torrent(1), isOutgoing: true) == .free {
      seats.take(one, for: torrent(1), isOutgoing: true)
    }
    #expect(seats.taken == 80)
    seats.giveBack(one, of: torrent(1), isOutgoing: false)
    #expect(seats.taken == 79 && seats.ask(one, for: torrent(1), isOutgoing: true) == .free)
  }

  @Test("A torrent without seats is given one by the torrent with the most")
  func seatsMove() throws {
    var seats = Seats(7)
    let local = IPAddress.loopbackIPv4
    for _ in 0..<5 { seats.take(local, for: torrent(1), isOutgoing: false) }
    for _ in 0..<2 { seats.take(local, for: torrent(2), isOutgoing: false) }
    #expect(seats.ask(local, for: torrent(3), isOutgoing: false) == .after(torrent(1)))
    #expect(seats.ask(local, for: torrent(2), isOutgoing: false) == .after(torrent(1)))
    #expect(seats.ask(local, for: torrent(1), isOutgoing: true) == .after(torrent(1)))
    for _ in 0..<5 { seats.giveBack(local, of: torrent(1), isOutgoing: false) }
    for number in 4..<9 { seats.take(local, for: torrent(number), isOutgoing: false) }
    seats.giveBack(local, of: torrent(2), isOutgoing: false)
    seats.take(local, for: torrent(9), isOutgoing: false)
    // One each: nobody has to go.
    #expect(seats.ask(local, for: torrent(3), isOutgoing: false) == .full)
  }

  @Test(
    "Which addresses are private",
    arguments: [
      ("127.3.2.1", true), ("10.255.0.1", true), ("172.16.0.1", true), ("172.31.9.9", true),
      ("172.32.0.1", false), ("172.15.0.1", false), ("192.168.0.9", true), ("192.169.0.1", false),
      ("169.254.1.1", true), ("8.8.8.8", false), ("::1", true), ("fe80::1", true), ("fec0::1", false),
      ("fd00::7", true), ("2001:db8::1", false),
    ])
  func privateNetworks(text: String, isPrivate: Bool) throws {
    #expect(try #require(IPAddress(text)).isPrivate == isPrivate)
  }

  @Test("Pieces that have arrived come before content that is examined, torrents in turn")
  func hashing() {
    var turns = HashingTurns(threads: 2)
    turns.want(.examination(torrent(1)))
    turns.want(.examination(torrent(2)))
    for number in 3..<6 { turns.want(.arrivals(torrent(number))) }
    let first = [turns.next(), turns.next(), turns.next(), turns.next()]
    #expect(
      first == [.arrivals(torrent(3)), .arrivals(torrent(4)), .examination(torrent(1)), nil])
    turns.want(.arrivals(torrent(3)))
    turns.finished(.arrivals(torrent(3)))
    let second = [turns.next(), turns.next()]
    #expect(second == [.arrivals(torrent(5)), nil])
    turns.remove(torrent(2))
    turns.finished(.examination(torrent(1)))
    let last = turns.next()
    #expect(last == nil)
  }

  @Test("The governor wakes for whichever direction is due first, and forgets a torrent whole")
  func whole() {
    var limits = SessionLimits()
    limits.upload = 10_000
    limits.download = 100_000
    var governor = Governor(limits)
    let peer = PeerKey(slot: 1, generation: 1)
    #expect(governor.nextDue == nil)
    while governor.upload.take(16_384, for: peer, of: torrent(1), at: at(0)) {}
    let up = governor.nextDue
    while governor.download.take(16_384, for: peer, of: torrent(1), at: at(0)) {}
    let both = governor.nextDue
    #expect(up != nil && both != nil && both ?? at(9) < up ?? at(0))
    governor.remove(torrent(1))
    #expect(governor.nextDue == nil)
  }
}
