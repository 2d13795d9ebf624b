import Metainfo
import Testing

@testable import Transfer

@Suite("Dialogues with a core")
struct CoreDialogueTests {
  @Test(
    "A newcomer hears what is here: have-none, a bitfield or have-all; without BEP 6 a bitfield or nothing")
  func greeting() {
    for (have, fast, expected) in [
      ([], true, [Message.haveNone]), ([], false, []), ([0, 9], true, [.bitfield([0x80, 0x40])]),
      ([0, 9], false, [.bitfield([0x80, 0x40])]), (Array(0..<10), true, [.haveAll]),
      (Array(0..<10), false, [.bitfield([0xff, 0xc0])]),
    ] {
      var core = CoreHarness(pieces: 10, have: have)
      core.connect(1, fast: fast)
      #expect(core.said(to: 1) == expected, "\(have.count) pieces, fast: \(fast)")
    }
  }

  @Test("From hello to a finished piece")
  func onePiece() {
    var core = CoreHarness(pieces: 1, blocks: 2, short: 100)
    core.connect(1)
    #expect(core.said(to: 1) == [.haveNone])
    core.peer(1, says: .haveAll)
    #expect(core.said(to: 1) == [.interested])
    core.peer(1, says: .unchoke)
    let last = RawBlock(piece: 0, offset: 16_384, length: 16_284)
    #expect(core.said(to: 1) == [.request(CoreHarness.raw(0)), .request(last)])
    core.peer(1, sends: CoreHarness.raw(0))
    #expect(core.checks == [])
    core.peer(1, sends: last)
    #expect(core.checks == [0])
    core.check(0)
    #expect(core.core.isComplete && core.isCompleted)
    #expect(core.said(to: 1) == [.notInterested])
    #expect(core.farewell(to: 1) == .bothDone)
    #expect(core.core.wastedBytes == 0)
  }

  @Test("A verified piece is told to those who lack it, and to nobody else")
  func have() {
    var core = CoreHarness(pieces: 2)
    core.connectSeed(1)
    core.connect(2)
    core.connect(3)
    core.peer(3, says: .have(0))
    _ = core.takeActions()
    core.peer(1, sends: CoreHarness.raw(0))
    core.check(0)
    #expect(core.said(to: 2) == [.have(0)])
    #expect(core.said(to: 3) == [.notInterested])
    #expect(core.said(to: 1) == [])
  }

  @Test("A peer that had nothing more to give is asked as soon as it has something")
  func newPieces() {
    var core = CoreHarness(pieces: 3)
    core.connect(1)
    core.peer(1, says: .have(0), .unchoke)
    #expect(core.asked(of: 1) == [CoreHarness.raw(0)])
    core.peer(1, says: .have(1))
    #expect(core.asked(of: 1) == [CoreHarness.raw(1)])
    core.peer(1, says: .have(2))
    #expect(core.asked(of: 1) == [CoreHarness.raw(2)])
    // Peer 2 has nothing to add while peer 1 is at it; once peer 1 has gone, it has.
    core.connect(2, fast: false)
    core.peer(2, says: .bitfield([0x20]), .unchoke)
    core.peer(1, says: .choke)
    core.handle(.left(CoreHarness.key(1)))
    #expect(core.core.peers[CoreHarness.key(2)]?.supply.window.contains(CoreHarness.block(2)) == true)
  }

  @Test("W04 numbers outside the torrent end the connection, whatever the message")
  func badNumbers() {
    let indices: [UInt32] = [4, 5, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff]
    for index in indices {
      for message in [Message.have(index), .suggest(index), .allowedFast(index)] {
        var core = CoreHarness(pieces: 4, have: [0])
        core.connect(1)
        core.peer(1, says: message)
        guard case .broke(.invalid) = core.farewell(to: 1) else {
          Issue.record("\(message) is let through")
          continue
        }
        #expect(!core.isConnected(1))
      }
    }
    let big: [UInt32] = [0x7fff_ffff, 0x8000_0000, 0xffff_ffff]
    var blocks = indices.map { RawBlock(piece: $0, offset: 0, length: 16_384) }
    blocks += big.map { RawBlock(piece: 0, offset: $0, length: 16_384) }
    blocks += big.map { RawBlock(piece: 0, offset: 0, length: $0) }
    blocks += big.map { RawBlock(piece: $0, offset: $0, length: $0) }
    blocks += [
      RawBlock(piece: 0, offset: 0, length: 0), RawBlock(piece: 0, offset: 16_384, length: 1),
      RawBlock(piece: 0, offset: 1, length: 16_384), RawBlock(piece: 3, offset: 0, length: 16_384),
    ]
    for block in blocks {
      for message in [Message.request(block), .cancel(block), .reject(block)] {
        var core = CoreHarness(pieces: 4, short: 1, have: [0])
        core.connect(1)
        core.peer(1, says: .interested, message)
        guard case .broke(.invalid) = core.farewell(to: 1) else {
          Issue.record("\(message) is let through")
          continue
        }
      }
      var core = CoreHarness(pieces: 4, short: 1, have: [0])
      core.connectSeed(1)
      let before = core.inputState
      #expect(core.core.expects(block, from: CoreHarness.key(1)) == nil)
      core.peer(1, sends: block)
      #expect(core.inputState == before, "\(block)")
    }
  }

  @Test("W04 a request of more than 16 KiB inside its piece ends the connection")
  func longRequest() {
    var core = CoreHarness(pieces: 2, blocks: 4, have: [0])
    core.connect(1)
    core.peer(1, says: .interested, .request(RawBlock(piece: 0, offset: 0, length: 16_385)))
    #expect(core.farewell(to: 1) == .broke(.invalid(message: .request)))
  }

  @Test("W04 messages of BEP 6 without BEP 6 end the connection")
  func notNegotiated() {
    for message in [
      Message.haveAll, .haveNone, .suggest(0), .allowedFast(0), .reject(CoreHarness.raw(0)),
    ] {
      var core = CoreHarness(pieces: 2)
      core.connect(1, fast: false)
      core.peer(1, says: message)
      guard case .broke(.notNegotiated) = core.farewell(to: 1) else {
        Issue.record("\(message) is let through")
        continue
      }
    }
  }

  @Test("W05 a bitfield too short, too long or with spare bits ends the connection")
  func badBitfields() {
    for (bytes, error) in [
      ([0xff], WireError.bitfieldLength(got: 1, needed: 2)), ([], .bitfieldLength(got: 0, needed: 2)),
      ([0xff, 0xc0, 0], .bitfieldLength(got: 3, needed: 2)), ([0xff, 0xe0], .bitfieldSpareBits),
      ([0, 1], .bitfieldSpareBits),
    ] as [([UInt8], WireError)] {
      var core = CoreHarness(pieces: 10)
      core.connect(1)
      core.peer(1, says: .bitfield(bytes))
      #expect(core.farewell(to: 1) == .broke(error))
    }
  }

  @Test("W05 a bitfield is a peer's first word of its pieces: twice, or after have, it ends the connection")
  func lateBitfield() {
    for first in [Message.bitfield([0x80, 0]), .have(3), .haveAll, .haveNone, .bitfield([0, 0])] {
      for (late, name) in [
        (Message.bitfield([0x40, 0]), WireError.MessageName.bitfield), (.haveAll, .haveAll),
        (.haveNone, .haveNone),
      ] {
        var core = CoreHarness(pieces: 10)
        core.connect(1)
        core.peer(1, says: .keepAlive, .port(1), .interested, first)
        #expect(core.isConnected(1))
        core.peer(1, says: late)
        #expect(core.farewell(to: 1) == .broke(.tooLate(message: name)), "\(first), \(late)")
      }
    }
  }

  @Test(
    "W06 have-all, have-none, bitfield and have: the rarity of every piece is right, also when they leave")
  func rarity() {
    var core = CoreHarness(pieces: 10)
    for (peer, messages) in [
      [Message.haveAll, .have(3)], [.haveNone, .have(3), .have(4)],
      [.bitfield([0x10, 0]), .have(3), .have(9)],
      [.have(3)], [.bitfield([0xff, 0xc0])], [.bitfield([0xff, 0x80]), .have(9)], [.haveNone], [.unchoke],
    ].enumerated() {
      core.connect(peer + 1)
      for message in messages { core.peer(peer + 1, says: message) }
    }
    let picker = core.core.fetching.picker
    #expect(picker.seedCount == 3, "have-all, a full bitfield, and one whose last piece came with have")
    #expect((0..<10).map { picker.availability[$0] } == [0, 0, 0, 3, 1, 0, 0, 0, 0, 1])
    for peer in 1...8 { core.handle(.left(CoreHarness.key(peer))) }
    #expect(core.core.fetching.picker.availability.allSatisfy { $0 == 0 })
    #expect(core.core.fetching.picker.seedCount == 0)
  }

  @Test("W07 a block that nobody asked for, twice, of a wrong length, or after a cancel: dropped and counted")
  func unwantedBlocks() {
    var core = CoreHarness(pieces: 3, blocks: 2)
    core.connect(1)
    core.peer(1, says: .bitfield([0xc0]))
    core.connect(2)
    core.peer(2, says: .haveAll)
    // Unsolicited: choked, nothing asked for.
    var before = core.inputState
    core.peer(1, sends: CoreHarness.raw(0))
    #expect(core.inputState == before)
    #expect(core.core.wastedBytes == 16_384)
    // Of a wrong length, or shifted, for a block that was asked for.
    core.peer(1, says: .unchoke)
    before = core.inputState
    core.peer(1, sends: RawBlock(piece: 0, offset: 0, length: 16_383))
    core.peer(1, sends: RawBlock(piece: 0, offset: 1, length: 16_384))
    core.peer(2, sends: CoreHarness.raw(0))
    #expect(core.inputState == before)
    #expect(core.core.wastedBytes == 4 * 16_384 - 1)
    // Twice.
    core.peer(1, sends: CoreHarness.raw(0))
    before = core.inputState
    core.peer(1, sends: CoreHarness.raw(0))
    #expect(core.inputState == before)
    #expect(core.core.wastedBytes == 5 * 16_384 - 1)
    // Of a piece that is not there.
    core.peer(1, sends: CoreHarness.raw(3))
    #expect(core.inputState == before)
    #expect(core.core.wastedBytes == 6 * 16_384 - 1)
    #expect(core.isConnected(1) && core.isConnected(2))
  }

  @Test("Choked without BEP 6, every request is gone; with it, each is still answered")
  func choke() {
    for fast in [false, true] {
      var core = CoreHarness(pieces: 1, blocks: 4)
      core.connectSeed(1, fast: fast)
      #expect(core.asked(of: 1).count == 4)
      core.peer(1, sends: CoreHarness.raw(0))
      core.peer(1, says: .choke)
      #expect(core.core.peers[CoreHarness.key(1)]?.supply.window.count == (fast ? 3 : 0))
      // A block that was on its way: welcome only if its request still stands.
      core.peer(1, sends: CoreHarness.raw(0, 1))
      #expect(core.core.fetching.active.first?.receivedCount == (fast ? 2 : 1))
      core.peer(1, says: .unchoke)
      // What was asked for before is not asked for again while it may still come.
      #expect(core.asked(of: 1) == (fast ? [] : [1, 2, 3].map { CoreHarness.raw(0, $0) }))
    }
  }

  @Test("A peer that chokes, forgets its requests and unchokes is asked again in the end")
  func forgottenRequests() {
    var core = CoreHarness(pieces: 1, blocks: 20)
    core.connectSeed(1)
    #expect(core.asked(of: 1).count == 16)
    core.peer(1, sends: CoreHarness.raw(0))
    #expect(core.asked(of: 1).count == 2)
    core.peer(1, says: .choke, .unchoke)
    #expect(core.asked(of: 1) == [])
    var again: Set<RawBlock> = []
    for _ in 0..<12 {
      core.wait(10)
      core.peer(1, says: .keepAlive)
      again.formUnion(core.asked(of: 1))
    }
    #expect(!again.isEmpty)
  }

  @Test("A peer that is lost in the middle leaves its blocks to another")
  func lostPeer() {
    var core = CoreHarness(pieces: 1, blocks: 4)
    core.connectSeed(1)
    core.peer(1, sends: CoreHarness.raw(0))
    core.handle(.left(CoreHarness.key(1)))
    core.connectSeed(2)
    #expect(core.asked(of: 2) == [1, 2, 3].map { CoreHarness.raw(0, $0) })
    #expect(core.core.wastedBytes == 0)
  }

  @Test(
    "End game: idle workers ask for the same blocks, at most three peers for one, and losers get a cancel")
  func endGame() {
    var core = CoreHarness(pieces: 1, blocks: 2)
    core.connectSeed(1)
    #expect(core.asked(of: 1).count == 2)
    for peer in 2...3 {
      core.connectSeed(peer)
      #expect(Set(core.asked(of: peer)) == [CoreHarness.raw(0, 0), CoreHarness.raw(0, 1)])
    }
    core.connectSeed(4)
    #expect(core.asked(of: 4) == [])
    core.peer(2, sends: CoreHarness.raw(0, 1))
    #expect(core.said(to: 1) == [.cancel(CoreHarness.raw(0, 1))])
    #expect(core.said(to: 3) == [.cancel(CoreHarness.raw(0, 1))])
    #expect(core.said(to: 2) == [])
    // The loser's block was on its way already.
    core.peer(1, sends: CoreHarness.raw(0, 1))
    #expect(core.core.wastedBytes == 16_384)
    core.peer(3, sends: CoreHarness.raw(0))
    #expect(core.checks == [0])
  }

  @Test(
    "Parole: a piece that failed with blocks of two peers is fetched from one alone; the block that changes convicts"
  )
  func parole() {
    var core = CoreHarness(pieces: 1, blocks: 2)
    core.connectSeed(1)
    core.connectSeed(2)
    core.peer(1, sends: CoreHarness.raw(0))
    core.peer(2, sends: CoreHarness.raw(0, 1))
    _ = core.takeActions()
    core.check(0, isGood: false, fingerprints: [7, 8])
    #expect(core.banned == [])
    #expect(core.core.wastedBytes == 2 * 16_384)
    let asked = [core.asked(of: 1), core.asked(of: 2)].filter { !$0.isEmpty }
    #expect(asked == [[CoreHarness.raw(0), CoreHarness.raw(0, 1)]], "one peer is asked for everything")
    let owner = core.core.fetching.pool.owner(of: PieceIndex(unchecked: 0)) == CoreHarness.key(1) ? 1 : 2
    core.peer(owner, sends: CoreHarness.raw(0))
    core.peer(owner, sends: CoreHarness.raw(0, 1))
    core.check(0, fingerprints: [7, 9])
    #expect(core.banned == [CoreHarness.endpoint(2)])
    #expect(core.core.isComplete)
  }

  @Test("Parole: what a peer was asked before does not get into a piece that another now has alone")
  func paroleAndLateRequests() {
    var core = CoreHarness(pieces: 1, blocks: 2)
    core.connectSeed(1)
    core.connectSeed(2)
    core.connectSeed(3)
    core.peer(3, says: .choke)  // its requests for both blocks stand
    core.peer(1, sends: CoreHarness.raw(0))
    core.peer(2, sends: CoreHarness.raw(0, 1))
    core.check(0, isGood: false, fingerprints: [7, 8])
    core.peer(3, says: .unchoke)
    core.peer(3, sends: CoreHarness.raw(0))
    #expect(core.core.fetching.active.first?.receivedCount == 0)
    let owner = core.core.fetching.pool.owner(of: PieceIndex(unchecked: 0)) == CoreHarness.key(1) ? 1 : 2
    core.peer(owner, sends: CoreHarness.raw(0))
    core.peer(owner, sends: CoreHarness.raw(0, 1))
    #expect(core.checks.suffix(1) == [0])
  }
}
