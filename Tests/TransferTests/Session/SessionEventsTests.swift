import Metainfo
import Testing

@testable import Transfer

@Suite("Events of a session") struct SessionEventsTests {
  private let id = TorrentID(InfoHash(InlineArray(repeating: 1)))
  private let peer = Endpoint(.loopbackIPv4, port: 1)

  private func passing(_ number: Int) -> SessionEvent { .piece(id, PieceIndex(unchecked: number), from: []) }
  private func number(_ event: SessionEvent?) -> Int? {
    if case .piece(_, let piece, _) = event { piece.value } else { nil }
  }

  @Test("Each subscriber hears everything from its subscription on, and first where the session listens")
  func several() async {
    let board = EventBoard()
    board.post(.listening(peer))
    let first = board.subscribe(capacity: 10)
    board.post(passing(1))
    let second = board.subscribe(capacity: 10)
    board.post(passing(2))
    board.finish()
    let late = board.subscribe(capacity: 10)
    func read(_ events: SessionEvents) async -> [Int] {
      var numbers: [Int] = []
      for await event in events { numbers.append(number(event) ?? 0) }
      return numbers
    }
    #expect(await read(first) == [0, 1, 2])
    #expect(await read(second) == [0, 2])
    #expect(await read(late) == [0])
  }

  @Test("A subscriber does without what it doesn't want, and never without the end")
  func wanted() async {
    let board = EventBoard()
    let few = board.subscribe(.all.subtracting(.pieces), capacity: 10)
    let least = board.subscribe([], capacity: 10)
    board.post(passing(1))
    board.post(.peer(id, peer, .connected, client: ""))
    board.post(.refused(peer, "busy"))
    board.post(.tracker(id, url: "", .peers(1)))
    board.post(.completed(id, seconds: 1, bytes: 2, wasted: 3))
    board.finish()
    func read(_ events: SessionEvents) async -> [PassingEvents] {
      var kinds: [PassingEvents] = []
      for await event in events { kinds.append(event.passing) }
      return kinds
    }
    #expect(await read(few) == [.peers, .refused, .trackers, []])
    #expect(await read(least) == [[]])
  }

  @Test("A slow subscriber is told how much it missed, and does not miss the end")
  func slow() async {
    let board = EventBoard()
    let events = board.subscribe(capacity: 5)
    for number in 1...20 { board.post(passing(number)) }
    board.post(.completed(id, seconds: 1, bytes: 2, wasted: 3))
    board.finish()
    var iterator = events.makeAsyncIterator()
    for expected in 1...5 { #expect(number(await iterator.next()) == expected) }
    guard case .completed? = await iterator.next() else { return _ = Issue.record("no completion") }
    guard case .missed(15)? = await iterator.next() else { return _ = Issue.record("nothing missed") }
    #expect(await iterator.next() == nil)
  }

  @Test("What is never read is bounded, whatever it is")
  func bounded() async {
    let board = EventBoard()
    let events = board.subscribe(capacity: 4)
    for _ in 0..<100 { board.post(.warning(id, "w")) }
    board.finish()
    var warnings = 0
    var missed = 0
    for await event in events {
      if case .warning = event { warnings += 1 }
      if case .missed(let count) = event { missed += count }
    }
    #expect(warnings == 8 && missed == 92)
  }

  @Test("A reader that is cancelled reads no more, and the next one goes on")
  func cancelled() async {
    let board = EventBoard()
    let events = board.subscribe(capacity: 4)
    let reader = Task { () -> SessionEvent? in
      for await event in events { return event }
      return nil
    }
    reader.cancel()
    #expect(await reader.value == nil)
    board.post(passing(7))
    var iterator = events.makeAsyncIterator()
    #expect(number(await iterator.next()) == 7)
  }

  @Test("A subscriber that has let go is forgotten")
  func forgotten() {
    let board = EventBoard()
    weak var subscription: EventSubscription?
    do {
      let events = board.subscribe(capacity: 4)
      subscription = events.subscription
      board.post(passing(1))
    }
    board.post(passing(2))
    #expect(subscription == nil)
  }
}

@Suite("Torrents of a session by name") struct TorrentTableTests {
  private func v1(_ byte: UInt8) -> InfoHash { InfoHash(InlineArray(repeating: byte)) }
  private func v2(_ byte: UInt8) -> InfoHashV2 { InfoHashV2(InlineArray(repeating: byte)) }

  @Test("A hybrid is found by either hash, and by the start of the second")
  func hybrid() throws {
    var table = TorrentTable<String>()
    let id = TorrentID(v1(1), v2: v2(2))
    let inserted = table.insert(id) { "hybrid at \($0.slot)" }
    #expect(inserted == "hybrid at 0" && table.count == 1)
    #expect(
      table[id] == inserted && table[TorrentID(v1(1))] == inserted && table[TorrentID(v2(2))] == inserted)
    #expect(table[v1(1)] == inserted && table[v2(2).truncated] == inserted && table[v1(3)] == nil)
    // Another by one of the two names is the same torrent.
    let again = table.insert(TorrentID(v1(9), v2: v2(2))) { _ in "another" }
    #expect(again == nil && table[v1(9)] == nil)
  }

  @Test("A key that has outlived its torrent finds nothing")
  func keys() throws {
    var table = TorrentTable<String>()
    var key: TorrentKey?
    _ = table.insert(TorrentID(v1(1))) {
      key = $0
      return "first"
    }
    let first = try #require(key)
    table.remove(first)
    #expect(table.isEmpty && table[first] == nil && table[v1(1)] == nil)
    _ = table.insert(TorrentID(v1(2))) {
      key = $0
      return "second"
    }
    let second = try #require(key)
    #expect(second.slot == first.slot && second != first && table[first] == nil && table[second] == "second")
    table.remove(first)
    #expect(table.count == 1 && table.all == ["second"])
  }
}
