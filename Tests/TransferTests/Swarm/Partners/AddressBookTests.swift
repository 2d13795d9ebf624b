import Testing

@testable import Transfer

@Suite("Address book")
struct AddressBookTests {
  private func at(_ seconds: Int) -> Instant { Instant(nanoseconds: 0) + .seconds(seconds) }

  private func endpoint(_ number: Int, port: UInt16 = 6881) -> Endpoint {
    Endpoint(
      IPAddress([10, UInt8(number >> 16 & 255), UInt8(number >> 8 & 255), UInt8(number & 255)])!, port: port)
  }

  @Test("An address that fails is tried again after 5, 10, 20, 40 and 80 seconds, and then forgotten")
  func retries() {
    var book = AddressBook()
    book.learn(endpoint(1), at: at(0))
    var tries: [Int] = []
    for second in 0..<1_000 {
      guard let next = book.next(at: at(second)) else { continue }
      #expect(next == endpoint(1) && book.dialingCount == 1)
      tries.append(second)
      book.failed(next, at: at(second))
      #expect(book.dialingCount == 0)
    }
    #expect(tries == [0, 5, 15, 35, 75, 155])
    #expect(book.count == 0)
  }

  @Test("Who has failed least is tried first")
  func order() {
    var book = AddressBook()
    book.learn(endpoint(1), at: at(0))
    let first = book.next(at: at(0))
    book.failed(endpoint(1), at: at(0))
    book.learn(endpoint(2), at: at(0))
    let later = [book.next(at: at(10)), book.next(at: at(10)), book.next(at: at(10))]
    #expect(first == endpoint(1))
    #expect(later == [endpoint(2), endpoint(1), nil])
  }

  @Test("A connection that worked is sought again after 5 s, one between two complete peers after 300 s")
  func disconnected() {
    for (isRedundant, pause) in [(false, 5), (true, 300)] {
      var book = AddressBook()
      book.learn(endpoint(1), at: at(0))
      _ = book.next(at: at(0))
      book.connected(endpoint(1))
      #expect(book.next(at: at(1_000)) == nil && book.dialingCount == 0)
      book.disconnected(endpoint(1), at: at(100), isRedundant: isRedundant)
      #expect(book.next(at: at(100 + pause - 1)) == nil)
      #expect(book.next(at: at(100 + pause)) == endpoint(1))
    }
  }

  @Test("Who is heard of again is tried again a second later")
  func heardOfAgain() {
    var book = AddressBook()
    book.learn(endpoint(1), at: at(0))
    #expect(book.next(at: at(0)) != nil)
    book.connected(endpoint(1))
    book.disconnected(endpoint(1), at: at(10), isRedundant: true)
    #expect(book.next(at: at(20)) == nil)
    book.learn(endpoint(1), at: at(20))
    #expect(book.next(at: at(20)) == nil)
    #expect(book.next(at: at(21)) == endpoint(1))
  }

  @Test("Port 0, banned and own addresses are not learnt")
  func refused() {
    var book = AddressBook()
    book.ban(PeerSource(endpoint(1)))
    book.isOwn(endpoint(2))
    let learnt = [
      book.learn(endpoint(1, port: 99), at: at(0)), book.learn(endpoint(2), at: at(0)),
      book.learn(endpoint(2, port: 99), at: at(0)), book.learn(endpoint(3, port: 0), at: at(0)),
    ]
    #expect(learnt == [false, false, true, false])
    #expect(book.isBanned(endpoint(1, port: 5)) && !book.isBanned(endpoint(2)))
  }

  @Test("A ban or an own address that is being dialed leaves no count behind")
  func countOfDials() {
    var book = AddressBook()
    for number in 1...4 { book.learn(endpoint(number), at: at(0)) }
    for _ in 1...4 { _ = book.next(at: at(0)) }
    #expect(book.dialingCount == 4)
    book.ban(PeerSource(endpoint(1)))
    book.isOwn(endpoint(2))
    book.connected(endpoint(3))
    book.failed(endpoint(4), at: at(0))
    book.failed(endpoint(1), at: at(0))
    book.connected(endpoint(2))
    book.disconnected(endpoint(3), at: at(0), isRedundant: false)
    #expect(book.dialingCount == 0)
  }

  @Test("It holds 2,000 addresses and no more, and forgetting keeps the rest")
  func capacity() {
    var book = AddressBook()
    var learnt = 0
    for number in 0..<3_000 where book.learn(endpoint(number), at: at(0)) { learnt += 1 }
    #expect(learnt == 2_000 && book.count == 2_000)
    for number in 0..<1_000 { book.ban(PeerSource(endpoint(number))) }
    var dialed: Set<Endpoint> = []
    while let next = book.next(at: at(0)) { dialed.insert(next) }
    #expect(dialed == Set((1_000..<2_000).map { endpoint($0) }))
    #expect(book.dialingCount == 1_000)
  }
}
