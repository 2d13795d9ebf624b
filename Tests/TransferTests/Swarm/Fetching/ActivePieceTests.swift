import Metainfo
import Testing

@testable import Transfer

/// Pictures: a block is `.` when free, a digit when so many peers are asked for it, `#` when it is there.
@Suite("Piece under way")
struct ActivePieceTests {
  private func key(_ peer: Int) -> PeerKey { CoreHarness.key(peer) }

  private func picture(_ piece: ActivePiece) -> String {
    piece.blocks.map { $0.isReceived ? "#" : $0.isFree ? "." : "\($0.askedOf.count)" }.joined()
  }

  private func piece(_ blocks: Int) -> ActivePiece {
    ActivePiece(PieceIndex(unchecked: 0), blockCount: blocks, isOnParole: false)
  }

  @Test("Blocks are taken in order, given back, taken again, and received")
  func course() {
    var piece = piece(4)
    #expect(picture(piece) == "....")
    let taken = [piece.takeFree(for: key(1)), piece.takeFree(for: key(1)), piece.takeFree(for: key(2))]
    #expect(taken == [0, 1, 2] && picture(piece) == "111.")
    piece.giveBack(0, by: key(1))
    piece.giveBack(2, by: key(1))  // not asked of this peer
    #expect(picture(piece) == ".11." && piece.freeCount == 2)
    let again = [piece.takeFree(for: key(2)), piece.takeFree(for: key(2)), piece.takeFree(for: key(2))]
    #expect(again == [0, 3, nil] && picture(piece) == "1111")
    let others = piece.receive(1, from: CoreHarness.endpoint(1), key: key(1))
    #expect(others == [] && picture(piece) == "1#11")
    let twice = piece.receive(1, from: CoreHarness.endpoint(2), key: key(2))
    #expect(twice == nil && piece.receivedCount == 1)
  }

  @Test("The first of several to deliver a block wins; the others are named")
  func endGame() {
    var piece = piece(1)
    for peer in 1...3 { piece.ask(0, of: key(peer)) }
    #expect(picture(piece) == "3" && piece.freeCount == 0)
    piece.giveBack(0, by: key(1))
    #expect(picture(piece) == "2")
    let others = piece.receive(0, from: CoreHarness.endpoint(2), key: key(2))
    #expect(others == [key(3)] && piece.isComplete)
    #expect(piece.endpoints == [CoreHarness.endpoint(2)])
  }

  @Test("A block that comes unasked, late, counts as any other")
  func late() {
    var piece = piece(2)
    let others = piece.receive(1, from: CoreHarness.endpoint(1), key: key(1))
    #expect(others == [] && picture(piece) == ".#" && piece.freeCount == 1)
    let next = [piece.takeFree(for: key(2)), piece.takeFree(for: key(2))]
    #expect(next == [0, nil])
  }

  @Test("What a source has sent can be forgotten; the rest stays")
  func forget() {
    var piece = piece(4)
    for (block, peer) in [(0, 1), (1, 2), (3, 1)] {
      _ = piece.receive(block, from: CoreHarness.endpoint(peer), key: key(peer))
    }
    piece.ask(2, of: key(2))
    #expect(picture(piece) == "##1#")
    let forgotten = piece.forgetBlocks(from: PeerSource(CoreHarness.endpoint(1)))
    #expect(forgotten == [0, 3] && picture(piece) == ".#1.")
    #expect(piece.freeCount == 2 && piece.receivedCount == 1)
    let free = [piece.takeFree(for: key(2)), piece.takeFree(for: key(2))]
    #expect(free == [0, 3])
  }

  @Test("Askers: any order of coming and going")
  func askers() {
    var random = SplitMix64(seed: 4)
    var askers = Askers()
    var model: Set<PeerKey> = []
    for _ in 0..<2_000 {
      let peer = key(Int.random(in: 0..<5, using: &random))
      let isIn = model.contains(peer)
      if isIn {
        let removed = askers.remove(peer)
        model.remove(peer)
        #expect(removed)
      } else {
        let removed = askers.remove(peer)
        #expect(!removed)
        askers.insert(peer)
        model.insert(peer)
      }
      #expect(Set(askers.all) == model && askers.count == model.count && askers.isEmpty == model.isEmpty)
      #expect(askers.contains(peer) != isIn)
    }
  }

  @Test("Pieces under way: found where they are, whatever came and went")
  func collection() {
    var random = SplitMix64(seed: 8)
    var active = ActivePieces(pieceCount: 30)
    var model: Set<Int> = []
    for _ in 0..<3_000 {
      let piece = PieceIndex(unchecked: Int.random(in: 0..<30, using: &random))
      if let index = active.firstIndex(of: piece) {
        #expect(model.contains(piece.value) && active[index].piece == piece)
        let removed = active.remove(at: index)
        #expect(removed.piece == piece)
        model.remove(piece.value)
      } else {
        #expect(!model.contains(piece.value))
        model.insert(piece.value)
        active.append(ActivePiece(piece, blockCount: 1, isOnParole: false))
      }
      #expect(Set(active.map(\.piece.value)) == model && active.count == model.count)
    }
  }
}
