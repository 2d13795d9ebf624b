import Metainfo
import TestKit
import Testing

@testable import Transfer

@Suite(.timeLimit(.minutes(5))) struct PayloadSelectionTests {
  /// `mixed`: a 0…999, sub/deep/b …5999, empty, sub/c …6009, d …8057, sub/e …9557, in pieces of 1,024.
  private let sample: SampleContent

  init() throws { sample = try SampleContent.mixed() }

  private func open(
    _ names: [String]?, in tree: TemporaryTree, overwrites: Bool = false
  ) throws(StorageError) -> Payload {
    try Payload(
      sample.info, in: tree.path, for: .downloading(overwritesForeignFiles: overwrites),
      wanted: names.map { names in sample.info.files.map { names.contains($0.path.description) } })
  }

  /// Examines and stores what is wanted and missing; gives the numbers of the files that got their names.
  private func fetch(_ names: [String]?, in tree: TemporaryTree, overwrites: Bool = false) throws -> [Int] {
    let payload = try open(names, in: tree, overwrites: overwrites)
    _ = try payload.examined()
    var finished: [Int] = []
    var wanted: [PieceIndex] = []
    payload.selection.pieces.forEach { wanted.append($0) }
    for piece in wanted where !payload.isVerified(piece) {
      finished += try payload.store(piece, sample).finished
    }
    for piece in wanted { #expect(try payload.bytes(of: piece)[...] == sample.bytes(of: piece)) }
    return finished.sorted()
  }

  /// Everything in the tree that is not as in the sample under its final name.
  private func others(_ tree: TemporaryTree) -> [String] {
    tree.files.filter { tree.read($0) != sample.files[$0] }
  }

  @Test func selectionsBecomePieces() throws {
    func pieces(_ wanted: [Bool]?) -> [Int] {
      var numbers: [Int] = []
      FileSelection(wanted, of: sample.info).pieces.forEach { numbers.append($0.value) }
      return numbers
    }
    #expect(pieces(nil) == Array(0...9))
    #expect(pieces([true, false, false, false, false, false]) == [0])
    #expect(pieces([false, false, true, false, false, false]) == [])
    #expect(pieces([false, false, false, true, false, true]) == [5, 7, 8, 9])
    #expect(
      FileSelection([false, false, false, false, false, true], of: sample.info).byteCount == 9_558 - 7 * 1_024
    )
    let padded = try SampleContent(
      [.init("a", 1_000), .init("p", 2_072, isPadding: true), .init("b", 500)], pieceLength: 1_024)
    let all = FileSelection([true, true, true], of: padded.info)
    #expect(all.files == [true, false, true])
    #expect(all.pieces.contains(PieceIndex(unchecked: 0)) && all.pieces.contains(PieceIndex(unchecked: 3)))
    #expect(all.pieces.count == 2, "two pieces are padding and nothing else")
  }

  @Test func onlySelectedFilesGetTheirNames() throws {
    let tree = try TemporaryTree()
    #expect(try fetch(["sub/c"], in: tree) == [3])
    #expect(tree.files == ["t/d.part", "t/sub/c", "t/sub/deep/b.part"])
    #expect(tree.read("t/sub/c") == sample.files["t/sub/c"])
    // Nothing but the shared piece's bytes, at their place.
    let part = try #require(tree.read("t/sub/deep/b.part"))
    #expect(part.count == 5_000 && part[4_120...] == sample.files["t/sub/deep/b"]?[4_120...])
    #expect(part[..<4_120].allSatisfy { $0 == 0 })
  }

  @Test func emptyFilesAreMadeWhenTheyAreSelectedAndTheRestIsThere() throws {
    let tree = try TemporaryTree()
    let payload = try open(["empty", "a"], in: tree)
    _ = try payload.examined()
    #expect(tree.files == [])
    #expect(try payload.store(PieceIndex(unchecked: 0), sample).finished == [0, 2])
    #expect(tree.files == ["t/a", "t/empty", "t/sub/deep/b.part"])

    let alone = try TemporaryTree()
    #expect(try fetch(["empty"], in: alone) == [])
    #expect(alone.files == ["t/empty"])
    let without = try TemporaryTree()
    _ = try fetch(["a"], in: without)
    #expect(!without.files.contains("t/empty"))
  }

  @Test func anotherSelectionGoesOnFromThere() throws {
    let tree = try TemporaryTree()
    _ = try fetch(["sub/c"], in: tree)
    let second = try open(["d"], in: tree)
    #expect(try second.examined() == [5], "the piece that was fetched for its neighbour is used")
    #expect(try fetch(["d"], in: tree) == [4])
    #expect(Set(others(tree)) == ["t/sub/deep/b.part", "t/sub/e.part"])
    #expect(try open(nil, in: tree).examined() == [5, 6, 7])
    #expect(try fetch(nil, in: tree) == [0, 1, 2, 5])
    #expect(Dictionary(uniqueKeysWithValues: tree.files.map { ($0, tree.read($0) ?? []) }) == sample.files)
    // And the same again with a selection: nothing is touched.
    #expect(try fetch(["a"], in: tree) == [])
    #expect(others(tree) == [])
  }

  @Test func aFileThatIsCompleteThroughItsNeighboursKeepsItsPartialName() throws {
    let tree = try TemporaryTree()
    _ = try fetch(["sub/deep/b"], in: tree)
    #expect(tree.read("t/sub/c.part") == sample.files["t/sub/c"])
    #expect(!tree.files.contains("t/sub/c"))
    // Once it is wanted it has its name at once.
    let payload = try open(["sub/c"], in: tree)
    _ = try payload.examined()
    #expect(tree.read("t/sub/c") == sample.files["t/sub/c"])
  }

  @Test("D10 a foreign file that is not selected stays, whatever is asked for", arguments: [false, true])
  func foreignFile(overwrites: Bool) throws {
    let tree = try TemporaryTree()
    for name in ["t/a", "t/sub/c", "t/d", "t/empty"] { try tree.write([1, 2, 3], to: name) }
    #expect(try fetch(["sub/deep/b"], in: tree, overwrites: overwrites) == [1])
    for name in ["t/a", "t/sub/c", "t/d", "t/empty"] { #expect(tree.read(name) == [1, 2, 3]) }
    #expect(tree.read("t/sub/deep/b") == sample.files["t/sub/deep/b"])
    #expect(tree.read("t/sub/c.part") == sample.files["t/sub/c"])
  }

  @Test("D10 a foreign file that is selected is refused, and overwritten only when asked")
  func selectedForeignFile() throws {
    let tree = try TemporaryTree()
    try tree.write([1, 2, 3], to: "t/d")
    try tree.write([4], to: "t/empty")
    #expect(throws: StorageError.foreignFile(path: tree.path + "/t/d")) {
      try open(["d"], in: tree).examined()
    }
    #expect(tree.files == ["t/d", "t/empty"])
    _ = try fetch(["d"], in: tree, overwrites: true)
    #expect(tree.read("t/d") == sample.files["t/d"])
    #expect(tree.read("t/empty") == [4])
  }

  @Test(
    "D10 an incomplete file of the torrent that is not selected goes on, and has its name again in the end")
  func incompleteNeighbour() throws {
    let tree = try TemporaryTree()
    var damaged = try #require(sample.files["t/sub/deep/b"])
    damaged[4_999] ^= 1
    try tree.write(damaged, to: "t/sub/deep/b")
    var far = try #require(sample.files["t/sub/e"])
    far[0] ^= 1
    try tree.write(far, to: "t/sub/e")
    // Its damage is in the piece that it shares with c, but a's piece is missing too.
    _ = try fetch(["sub/c"], in: tree)
    #expect(tree.read("t/sub/deep/b.part") == sample.files["t/sub/deep/b"])
    #expect(tree.read("t/sub/e") == far, "no piece of this one was to be written")
    _ = try fetch(["a"], in: tree)
    _ = try fetch(["sub/deep/b"], in: tree)
    #expect(tree.read("t/sub/deep/b") == sample.files["t/sub/deep/b"])

    let other = try TemporaryTree()
    for name in ["t/a", "t/sub/c"] { try other.write(try #require(sample.files[name]), to: name) }
    try other.write(damaged, to: "t/sub/deep/b")
    #expect(try fetch(["sub/c"], in: other) == [1, 3])
    #expect(other.read("t/sub/deep/b") == sample.files["t/sub/deep/b"])
  }
}
