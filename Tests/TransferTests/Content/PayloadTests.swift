import Glibc
import Metainfo
import Platform
import TestKit
import Testing

@testable import Transfer

@Suite(.timeLimit(.minutes(5))) struct PayloadTests {
  private func open(
    _ sample: SampleContent, in tree: TemporaryTree, overwrites: Bool = false
  ) throws(StorageError) -> Payload {
    try Payload(sample.info, in: tree.path, for: .downloading(overwritesForeignFiles: overwrites))
  }

  /// Everything in the tree, by path.
  private func contents(_ tree: TemporaryTree) -> [String: [UInt8]] {
    Dictionary(uniqueKeysWithValues: tree.files.map { ($0, tree.read($0) ?? []) })
  }

  @Test func filesGetTheirNamesWhenTheirLastPieceIsStored() throws {
    let sample = try SampleContent.mixed()
    let tree = try TemporaryTree()
    let payload = try open(sample, in: tree)
    #expect(try payload.examined() == [])
    #expect(tree.files == [], "nothing is made before there is something to write")
    let pieces = Array(sample.info.geometry.pieces)
    #expect(try payload.store(pieces[0], sample).finished == [0])
    #expect(tree.files == ["t/a", "t/sub/deep/b.part"])
    #expect(try payload.store(pieces[0], sample).finished == [], "it is there")
    var finished: [Int] = []
    for piece in pieces.dropFirst().shuffled() { finished += try payload.store(piece, sample).finished }
    #expect(finished.sorted() == [1, 2, 3, 4, 5])
    #expect(contents(tree) == sample.files)
    for piece in pieces { #expect(try payload.bytes(of: piece)[...] == sample.bytes(of: piece)) }
  }

  @Test func paddingIsNeverOnDiskAndReadsAsZeros() throws {
    let sample = try SampleContent(
      [.init("a", 1_000), .init(".pad/24", 24, isPadding: true), .init("b", 500)], pieceLength: 1_024)
    let tree = try TemporaryTree()
    let payload = try open(sample, in: tree)
    _ = try payload.examined()
    _ = try payload.complete(with: sample)
    #expect(contents(tree) == sample.files)
    #expect(tree.files == ["t/a", "t/b"])
    let first = try #require(sample.info.geometry.piece(0))
    #expect(try payload.bytes(of: first)[...] == sample.bytes(of: first))
    let again = try open(sample, in: tree)
    #expect(try again.examined() == [0, 1])
    let span = try #require(sample.info.geometry.span(piece: 0, offset: 1_000, length: 24))
    try again.withPart(of: span) { #expect($0.isPadding && $0.length == 24) }
  }

  @Test func partsOfABlockAreGivenFileByFile() throws {
    let sample = try SampleContent.mixed()
    let tree = try TemporaryTree()
    for (path, bytes) in sample.files { try tree.write(bytes, to: path) }
    let payload = try Payload(sample.info, in: tree.path, for: .seeding)
    _ = try payload.examined()
    for piece in sample.info.geometry.pieces {
      var bytes: [UInt8] = []
      let length = sample.info.geometry.length(of: piece)
      while bytes.count < length {
        let rest = BlockSpan(piece: piece, offset: bytes.count, length: length - bytes.count)
        try payload.withPart(of: rest) { part in
          var room = [UInt8](repeating: 0, count: part.length)
          #expect(pread(part.descriptor, &room, part.length, off_t(part.offset)) == part.length)
          bytes += room
        }
      }
      #expect(bytes[...] == sample.bytes(of: piece))
    }
  }

  @Test("D10 right files are used and not touched")
  func rightFiles() throws {
    let sample = try SampleContent.mixed()
    let tree = try TemporaryTree()
    for (path, bytes) in sample.files { try tree.write(bytes, to: path) }
    let before = modificationTimes(tree)
    let payload = try open(sample, in: tree)
    #expect(try payload.examined().count == sample.info.geometry.pieceCount)
    #expect(modificationTimes(tree) == before)
    #expect(contents(tree) == sample.files)
  }

  @Test("D10 of a partly right file the right pieces are used, and it goes on under its partial name")
  func partlyRightFile() throws {
    let sample = try SampleContent([.init("a", 5_000), .init("b", 3_000)], pieceLength: 1_024)
    let tree = try TemporaryTree()
    var wrong = try #require(sample.files["t/a"])
    wrong[1_500] ^= 1
    try tree.write(wrong, to: "t/a")
    try tree.write(Array(try #require(sample.files["t/b"])[..<1_500]), to: "t/b")
    let payload = try open(sample, in: tree)
    // 1 is wrong, 4 is shared, and of b the last pieces are missing.
    #expect(try payload.examined() == [0, 2, 3, 4, 5])
    #expect(contents(tree) == ["t/a.part": wrong, "t/b.part": Array(sample.files["t/b"]?[..<1_500] ?? [])])
    _ = try payload.complete(with: sample)
    #expect(contents(tree) == sample.files)
  }

  @Test("D10 a foreign file is refused before anything is changed, and overwritten only when asked")
  func foreignFile() throws {
    let sample = try SampleContent([.init("a", 5_000), .init("b", 3_000)], pieceLength: 1_024)
    let tree = try TemporaryTree()
    let right = try #require(sample.files["t/a"])
    try tree.write(Array(right[..<2_000]), to: "t/a")
    try tree.write([1, 2, 3], to: "t/b")
    let before = contents(tree)
    let payload = try open(sample, in: tree)
    #expect(throws: StorageError.foreignFile(path: tree.path + "/t/b")) { try payload.examined() }
    #expect(contents(tree) == before)

    let again = try open(sample, in: tree, overwrites: true)
    #expect(try again.examined() == [0])
    _ = try again.complete(with: sample)
    #expect(contents(tree) == sample.files)
  }

  @Test("D10 a wrong file of the right length is foreign, with nothing else there")
  func wrongFile() throws {
    for length in [500, 5_000] {
      let sample = try SampleContent([.init("a", length), .init("b", 300)], pieceLength: 1_024)
      let tree = try TemporaryTree()
      let other = Array(repeating: UInt8(7), count: length)
      try tree.write(other, to: "t/a")
      let payload = try open(sample, in: tree)
      #expect(throws: StorageError.foreignFile(path: tree.path + "/t/a")) { try payload.examined() }
      #expect(contents(tree) == ["t/a": other])
    }
  }

  @Test("D10 a longer file is cut only when all of it has been verified")
  func longerFile() throws {
    let sample = try SampleContent([.init("a", 3_000)], pieceLength: 1_024)
    let tree = try TemporaryTree()
    var long = sample.bytes + [9, 9, 9]
    long[0] ^= 1
    try tree.write(long, to: "t/a")
    let payload = try open(sample, in: tree)
    #expect(try payload.examined() == [1, 2])
    #expect(contents(tree) == ["t/a.part": long])
    _ = try payload.complete(with: sample)
    #expect(contents(tree) == sample.files)

    try tree.write(sample.bytes + [9], to: "t/a")
    let complete = try open(sample, in: tree)
    #expect(try complete.examined() == [0, 1, 2])
    #expect(contents(tree) == sample.files)

    try tree.write(sample.bytes + [9], to: "t/a")
    let seeding = try Payload(sample.info, in: tree.path, for: .seeding)
    #expect(try seeding.examined() == [0, 1, 2])
    #expect(tree.read("t/a")?.count == 3_001, "seeding changes nothing")
  }

  @Test("D10 small files whose neighbour is damaged are kept and mended")
  func damagedNeighbour() throws {
    let sample = try SampleContent(
      [.init("a", 300), .init("b", 300), .init("c", 300), .init("d", 4_000)], pieceLength: 1_024)
    let tree = try TemporaryTree()
    for (path, bytes) in sample.files { try tree.write(bytes, to: path) }
    var damaged = try #require(sample.files["t/b"])
    damaged[0] ^= 1
    try tree.write(damaged, to: "t/b")
    let payload = try open(sample, in: tree)
    #expect(try payload.examined() == [1, 2, 3, 4])
    _ = try payload.complete(with: sample)
    #expect(contents(tree) == sample.files)
  }

  @Test("D10 a foreign file where an empty one belongs is kept")
  func foreignEmptyFile() throws {
    let sample = try SampleContent([.init("a", 10), .init("empty", 0)], pieceLength: 1_024)
    let tree = try TemporaryTree()
    try tree.write([1], to: "t/empty")
    #expect(throws: StorageError.foreignFile(path: tree.path + "/t/empty")) {
      try open(sample, in: tree).examined()
    }
    let payload = try open(sample, in: tree, overwrites: true)
    _ = try payload.examined()
    _ = try payload.complete(with: sample)
    #expect(contents(tree) == sample.files)
  }

  @Test func fileThatAppearsDuringTheDownloadIsNotOverwritten() throws {
    let sample = try SampleContent([.init("a", 1_000)], pieceLength: 1_024)
    let tree = try TemporaryTree()
    let payload = try open(sample, in: tree)
    _ = try payload.examined()
    try tree.write([5], to: "t/a")
    #expect(throws: StorageError.foreignFile(path: tree.path + "/t/a")) { try payload.complete(with: sample) }
    #expect(tree.read("t/a") == [5])
    #expect(tree.read("t/a.part") == sample.bytes)
  }

  @Test func aDownloadGoesOnWhereItStopped() throws {
    let sample = try SampleContent.mixed()
    let tree = try TemporaryTree()
    let pieces = Array(sample.info.geometry.pieces)
    for (number, piece) in pieces.enumerated() {
      let payload = try open(sample, in: tree)
      #expect(try payload.examined() == Array(0..<number))
      _ = try payload.store(piece, sample)
    }
    #expect(contents(tree) == sample.files)
  }

  @Test("I2 symbolic links in the way are not followed")
  func symbolicLinks() throws {
    let sample = try SampleContent([.init("sub/a", 2_000)], pieceLength: 1_024)
    for planted in ["t", "t/sub", "t/sub/a", "t/sub/a.part"] {
      let outside = try TemporaryTree()
      try outside.write([1, 2, 3], to: "victim")
      let tree = try TemporaryTree()
      let target = planted.hasSuffix("a") || planted.hasSuffix(".part") ? "/victim" : ""
      try tree.link(planted, to: outside.path + target)
      let payload = try open(sample, in: tree)
      #expect(throws: StorageError.self, "\(planted)") {
        _ = try payload.examined()
        _ = try payload.complete(with: sample)
      }
      #expect(contents(outside) == ["victim": [1, 2, 3]], "\(planted)")
    }
    // Planted while the download is on.
    let outside = try TemporaryTree()
    let tree = try TemporaryTree()
    let payload = try open(sample, in: tree)
    _ = try payload.examined()
    try tree.link("t/sub", to: outside.path)
    #expect(throws: StorageError.self) { try payload.complete(with: sample) }
    #expect(outside.files == [])
  }

  @Test func otherThingsThanFilesAreRefusedAndNotWaitedFor() throws {
    let sample = try SampleContent([.init("a", 2_000)], pieceLength: 1_024)
    let withFolder = try TemporaryTree()
    try withFolder.makeFolder("t/a")
    #expect(throws: StorageError.notAFile(path: withFolder.path + "/t/a")) {
      try open(sample, in: withFolder).examined()
    }
    let withPipe = try TemporaryTree()
    try withPipe.makeFolder("t")
    #expect(mkfifo(withPipe.path + "/t/a", 0o600) == 0)
    for purpose in [Payload.Purpose.seeding, .downloading(overwritesForeignFiles: true)] {
      #expect(throws: StorageError.notAFile(path: withPipe.path + "/t/a")) {
        try Payload(sample.info, in: withPipe.path, for: purpose).examined()
      }
    }
  }

  @Test func rootIsMadeForADownloadAndNotForSeeding() throws {
    let sample = try SampleContent([.init("a", 100)], pieceLength: 1_024)
    let tree = try TemporaryTree()
    let path = tree.path + "/new/folder/"
    #expect(throws: StorageError.system(call: "open", path: path, errno: ENOENT)) {
      try Payload(sample.info, in: path, for: .seeding).examined()
    }
    let payload = try Payload(sample.info, in: path, for: .downloading(overwritesForeignFiles: false))
    _ = try payload.examined()
    _ = try payload.complete(with: sample)
    #expect(tree.files == ["new/folder/t/a"])
  }

  @Test func partialNamesMeetNoOtherFile() throws {
    let long = String(repeating: "ä", count: 127)
    let sample = try SampleContent(
      [
        .init("a", 1_000), .init("a.part", 1_000), .init(long, 1_000), .init("b", 100),
        .init("b.part/c", 100),
      ],
      pieceLength: 1_024)
    let tree = try TemporaryTree()
    let payload = try open(sample, in: tree)
    _ = try payload.examined()
    for piece in Array(sample.info.geometry.pieces).reversed() { _ = try payload.store(piece, sample) }
    #expect(contents(tree) == sample.files)
  }

  @Test func twoFilesOfOneNameAreRefused() throws {
    let sample = try SampleContent([.init("a", 10)], pieceLength: 1_024)
    let path = try #require(TorrentPath(["a"]))
    let layout = FileLayout(files: [
      FileEntry(path: path, length: 5, offset: 0), FileEntry(path: path, length: 5, offset: 5),
    ])
    let info = Info(
      name: sample.info.name, layout: layout, geometry: sample.info.geometry,
      pieceHashes: sample.info.pieceHashes,
      isSingleFile: false)
    #expect(throws: StorageError.sameName(path: "t/a")) {
      _ = try Payload(info, in: "/tmp", for: .seeding)
    }
  }

  @Test func storingFromManyThreadsFinishesEachFileOnce() throws {
    let sample = try SampleContent((0..<40).map { .init("f\($0)", 700) }, pieceLength: 1_024)
    let tree = try TemporaryTree()
    let payload = try open(sample, in: tree)
    _ = try payload.examined()
    let finished = Monitor<[Int]>([])
    let workers = try WorkerThreads(4)
    for piece in sample.info.geometry.pieces {
      _ = workers.submit {
        do throws(StorageError) {
          let files = try payload.store(piece, sample).finished
          finished.withLock { $0 += files }
        } catch { Issue.record(error) }
      }
    }
    workers.shutdown()
    #expect(finished.withLock { $0.sorted() } == Array(0..<40))
    #expect(contents(tree) == sample.files)
  }

  @Test func messagesAreOneLineAndEscaped() {
    let error = StorageError.diskFull(path: "/d/a\u{1B}[31m\n", needed: 10, free: 2)
    #expect(error.description.hasSuffix(": disk full: need 10 bytes, free 2 bytes"))
    #expect(!error.description.unicodeScalars.contains { $0.value < 32 })
    #expect(
      StorageError.system(call: "openat", path: "/d/a", errno: EACCES).description
        == "/d/a: Permission denied (openat)")
  }

  private func modificationTimes(_ tree: TemporaryTree) -> [String: Int] {
    var times: [String: Int] = [:]
    for file in tree.files {
      var status = stat()
      #expect(stat(tree.path + "/" + file, &status) == 0)
      times[file] = status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec
    }
    return times
  }
}
