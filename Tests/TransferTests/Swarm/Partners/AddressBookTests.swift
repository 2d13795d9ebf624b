import Testing

@testable import Transfer

@Suite("Address book")
struct AddressBookTests {
  private func at(_ seconds: Int) -> Instant { Instant(nanoseconds: 0) + .seconds(seconds) }

  private func endpoint(_ number: Int, port: UInt16 = 6881) -> Endpoint {
    Endpoint(
      IPAddress([10, UInt8(number >> 16 & 255), UInt8(number >> 8 & 255), UInt8(number & 255)])!, port: port)
  }

  private let peer = PeerKey(slot: 1, generation: 1)

  @Test("An address that fails is tried again after 5, 10, 20, 40 and 80 seconds, and then forgotten")
  func retries() {
    var book = AddressBook()
    book.learn(endpoint(1), from: .tracker, at: at(0))
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
    book.learn(endpoint(1), from: .tracker, at: at(0))
    let first = book.next(at: at(0))
    book.failed(endpoint(1), at: at(0))
    book.learn(endpoint(2), from: .tracker, at: at(0))
    let later = [book.next(at: at(10)), book.next(at: at(10)), book.next(at: at(10))]
    #expect(first == endpoint(1))
    #expect(later == [endpoint(2), endpoint(1), nil])
  }

  @Test("A connection that worked is sought again after 5 s, one between two complete peers after 300 s")
  func disconnected() {
    for (isRedundant, pause) in [(false, 5), (true, 300)] {
      var book = AddressBook()
      book.learn(endpoint(1), from: .tracker, at: at(0))
      _ = book.next(at: at(0))
      book.connected(endpoint(1), as: peer, at: at(0))
      #expect(book.next(at: at(1_000)) == nil && book.dialingCount == 0)
      book.left(peer, at: at(100), isRedundant: isRedundant)
      #expect(book.next(at: at(100 + pause - 1)) == nil)
      #expect(book.next(at: at(100 + pause)) == endpoint(1))
    }
  }

  @Test("Who is heard of again is tried again a second later")
  func heardOfAgain() {
    var book = AddressBook()
    book.learn(endpoint(1), from: .tracker, at: at(0))
    #expect(book.next(at: at(0)) != nil)
    book.connected(endpoint(1), as: peer, at: at(0))
    book.left(peer, at: at(10), isRedundant: true)
    #expect(book.next(at: at(20)) == nil)
    book.learn(endpoint(1), from: .tracker, at: at(20))
    #expect(book.next(at: at(20)) == nil)
    #expect(book.next(at: at(21)) == endpoint(1))
  }

  @Test("One that the user has named is tried for ever, after pauses of a second to a minute")
  func lasting() {
    var book = AddressBook()
    book.learn(endpoint(1), from: .user, at: at(0))
    var tries: [Int] = []
    for second in 0..<300 {
      guard let next = book.next(at: at(second)) else { continue }
      tries.append(second)
      book.failed(next, at: at(second))
    }
    #expect(tries == [0, 1, 3, 7, 15, 31, 63, 123, 183, 243])
  }

  @Test("No address of a peer that is connected is dialed, until the peer has left")
  func otherAddresses() {
    var book = AddressBook()
    for number in 1...2 { book.learn(endpoint(number), from: .tracker, at: at(0)) }
    book.connected(endpoint(1), as: peer, at: at(0))
    book.connected(endpoint(2), as: peer, at: at(0))
    book.connected(endpoint(3), as: peer, at: at(0))
    #expect(book.nextDue == nil && book.next(at: at(1_000)) == nil)
    book.left(peer, at: at(1_000), isRedundant: false)
    #expect(book.next(at: at(1_004)) == nil)
    let again = (1...4).map { _ in book.next(at: at(1_005)) }
    #expect(again == [endpoint(1), endpoint(2), endpoint(3), nil])
  }

  @Test("Learning, dialing and losing an address costs little, however many there are")
  func manySteps() {
    var book = AddressBook()
    for number in 0..<2_000 { book.learn(endpoint(number), from: .tracker, at: at(0)) }
    var dialed = 0
    let clock = ContinuousClock()
    let time = clock.measure {
      for round in 0..<5 {
        while let next = book.next(at: at(round * 1_000)) {
          dialed += 1
          book.failed(next, at: at(round * 1_000))
        }
      }
    }
    #expect(dialed == 10_000)
    // A walk over all entries for each would take some 20 million steps.
    #expect(time < .seconds(5))
  }

  @Test("Port 0, banned and own addresses are not learnt")
  func refused() {
    var book = AddressBook()
    book.ban(PeerSource(endpoint(1)))
    book.isOwn(endpoint(2))
    let learnt = [
      book.learn(endpoint(1, port: 99), from: .tracker, at: at(0)),
      book.learn(endpoint(2), from: .tracker, at: at(0)),
      book.learn(endpoint(2, port: 99), from: .tracker, at: at(0)),
      book.learn(endpoint(3, port: 0), from: .tracker, at: at(0)),
    ]
    #expect(learnt == [false, false, true, false])
    #expect(book.isBanned(endpoint(1, port: 5)) && !book.isBanned(endpoint(2)))
  }

  @Test("A ban or an own address that is being dialed leaves no count behind")
  func countOfDials() {
    var book = AddressBook()
    for number in 1...4 { book.learn(endpoint(number), from: .tracker, at: at(0)) }
    for _ in 1...4 { _ = book.next(at: at(0)) }
    #expect(book.dialingCount == 4)
    book.ban(PeerSource(endpoint(1)))
    book.isOwn(endpoint(2))
    book.connected(endpoint(3), as: peer, at: at(0))
    book.failed(endpoint(4), at: at(0))
    book.failed(endpoint(1), at: at(0))
    book.connected(endpoint(2), as: peer, at: at(0))
    book.left(peer, at: at(0), isRedundant: false)
    #expect(book.dialingCount == 0)
  }

  @Test("It holds 10,000 addresses and no more, and forgetting keeps the rest")
  func capacity() {
    var book = AddressBook()
    var learnt = 0
    for number in 0..<12_000 where book.learn(endpoint(number), from: .tracker, at: at(0)) { learnt += 1 }
    #expect(learnt == 10_000 && book.count == 10_000)
    for number in 0..<1_000 { book.ban(PeerSource(endpoint(number))) }
    var dialed: Set<Endpoint> = []
    while let next = book.next(at: at(0)) { dialed.insert(next) }
    #expect(dialed == Set((1_000..<10_000).map { endpoint($0) }))
    #expect(book.dialingCount == 9_000)
  }
}
