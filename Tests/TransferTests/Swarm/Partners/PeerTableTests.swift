import Testing

@testable import Transfer

@Suite("The peers by key") struct PeerTableTests {
  private func peer(_ number: Int) -> Peer {
    Peer(
      endpoint: CoreHarness.endpoint(number), isOutgoing: false, id: CoreHarness.id(number),
      supportsFast: true,
      pieceCount: 8, joined: Instant(nanoseconds: Int64(number)))
  }

  private func key(_ slot: UInt32, _ generation: UInt32 = 1) -> PeerKey {
    PeerKey(slot: slot, generation: generation)
  }

  @Test("A key that has outlived its connection finds nothing, and what is written through it is dropped")
  func outlived() {
    var table = PeerTable()
    table.insert(peer(1), at: key(0, 1))
    let gone = table.remove(key(0, 1))
    #expect(gone?.endpoint == CoreHarness.endpoint(1) && table.count == 0)
    table.insert(peer(2), at: key(0, 2))
    table[key(0, 1)]?.supply.rejections = 7
    table[key(99)]?.supply.rejections = 7
    #expect(table[key(0, 1)] == nil && table[key(99)] == nil)
    #expect(table[key(0, 2)]?.supply.rejections == 0)
    let again = table.remove(key(0, 1))
    #expect(again == nil && table.count == 1)
    #expect(table.key(of: CoreHarness.id(1)) == nil && table.key(of: CoreHarness.id(2)) == key(0, 2))
  }

  @Test("Peers stay what they are while the table grows, and come in the order of slots")
  func growth() {
    var table = PeerTable()
    let slots: [UInt32] = [5, 0, 300, 17, 4_000, 1]
    for (number, slot) in slots.enumerated() {
      table.insert(peer(number), at: key(slot))
      table[key(slot)]?.supply.rejections = number
    }
    #expect(table.keys == slots.sorted().map { key($0) } && table.count == slots.count)
    #expect(table.places.compactMap { table.key(at: $0) } == table.keys)
    for (number, slot) in slots.enumerated() {
      #expect(table[key(slot)]?.supply.rejections == number)
      #expect(table[key(slot)]?.endpoint == CoreHarness.endpoint(number))
    }
  }

  @Test("A copy of the table is another table")
  func copies() {
    var table = PeerTable()
    for number in 0..<10 { table.insert(peer(number), at: key(UInt32(number))) }
    var copy = table
    copy[key(3)]?.supply.rejections = 5
    _ = copy.remove(key(4))
    copy.insert(peer(20), at: key(20))
    #expect(table[key(3)]?.supply.rejections == 0 && copy[key(3)]?.supply.rejections == 5)
    #expect(table[key(4)] != nil && copy[key(4)] == nil)
    #expect(table[key(20)] == nil && table.count == 10 && copy.count == 10)
    table[key(5)]?.supply.rejections = 9
    #expect(copy[key(5)]?.supply.rejections == 0)
  }
}
