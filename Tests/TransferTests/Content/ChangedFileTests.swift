import Glibc
import Metainfo
import Platform
import TestKit
import Testing

@testable import Transfer

/// Files that somebody else changes while they are downloaded or seeded.
@Suite(.timeLimit(.minutes(5))) struct ChangedFileTests {
  private func open(
    _ sample: SampleContent, on disk: FakeFS,
    for purpose: Payload.Purpose = .downloading(overwritesForeignFiles: false)
  ) throws(StorageError) -> Payload {
    try Payload(sample.info, in: "/root", for: purpose, fileSystem: disk)
  }

  private func piece(_ number: Int) -> PieceIndex { PieceIndex(unchecked: number) }
  private func block(_ number: Int) -> BlockSpan { BlockSpan(piece: piece(number), offset: 0, length: 1_000) }
  private func isReady(_ payload: Payload, _ number: Int, _ seconds: Int) -> Bool {
    var warm = 0..<0
    return payload.isReady(block(number), at: time(seconds), warm: &warm)
  }
  private func time(_ seconds: Int) -> Instant { Instant(nanoseconds: 1_000_000_000 * Int64(seconds)) }

  // MARK: While it is downloaded

  private func nearlyComplete(_ sample: SampleContent, on disk: FakeFS) throws -> Payload {
    let payload = try open(sample, on: disk)
    _ = try payload.examined()
    for piece in sample.info.geometry.pieces.dropLast() { _ = try payload.store(piece, sample) }
    return payload
  }

  private func last(_ sample: SampleContent) -> PieceIndex { piece(sample.info.geometry.pieceCount - 1) }

  @Test("a byte of a verified piece that another program changes is noticed before the file gets its name")
  func changedByte() throws {
    let sample = try SampleContent([.init("a", 5_000)], pieceLength: 1_024)
    let disk = FakeFS()
    let payload = try nearlyComplete(sample, on: disk)
    var bytes = try #require(disk.files["t/a.part"])
    bytes[1_100] ^= 1
    disk.put(bytes, at: "t/a.part")
    #expect(try payload.store(last(sample), sample) == .init(finished: [], lost: [piece(1)]))
    #expect(disk.files.keys.sorted() == ["t/a.part"])
    #expect(try payload.store(piece(1), sample) == .init(finished: [0], lost: []))
    #expect(disk.files == sample.files)
  }

  @Test("D07 a file that is cut off at any moment before it is named doesn't get its name")
  func cutOff() throws {
    let sample = try SampleContent([.init("a", 5_000)], pieceLength: 1_024)
    var number = 1
    while true {
      let disk = FakeFS()
      let payload = try nearlyComplete(sample, on: disk)
      disk.start(FakeFS.Faults(cut: (.status, number, "t/a.part", 4_200)))
      let stored = try? payload.store(last(sample), sample)
      if disk.count(of: .status) < number { break }
      // It may be that what was cut off was written after that.
      let named = disk.files["t/a"]
      #expect(named == nil || named == sample.files["t/a"], "status \(number)")
      #expect((stored?.finished == [0]) == (named != nil), "status \(number)")
      number += 1
    }
    #expect(number > 4)
  }

  @Test("a change between two writes of our own is noticed as well, and a new time alone costs nothing")
  func changedEarlier() throws {
    let sample = try SampleContent([.init("a", 5_000)], pieceLength: 1_024)
    let disk = FakeFS()
    let payload = try open(sample, on: disk)
    _ = try payload.examined()
    _ = try payload.store(piece(0), sample)
    var bytes = try #require(disk.files["t/a.part"])
    bytes[0] ^= 1
    disk.put(bytes, at: "t/a.part")
    for number in 1..<4 { #expect(try payload.store(piece(number), sample).lost == []) }
    disk.touch("t/a.part")
    #expect(try payload.store(last(sample), sample).lost == [piece(0)])
    disk.touch("t/a.part")
    #expect(try payload.store(piece(0), sample) == .init(finished: [0], lost: []))
    #expect(disk.files == sample.files)
  }

  @Test("D07 a partial file that is taken away is fetched again, the piece that was just written too")
  func vanished() throws {
    let sample = try SampleContent([.init("a", 3_000), .init("b", 2_000)], pieceLength: 1_024)
    let disk = FakeFS()
    let payload = try nearlyComplete(sample, on: disk)
    disk.remove("t/b.part")
    let stored = try payload.store(last(sample), sample)
    #expect(stored.finished == [] && stored.lost.map(\.value) == [2, 3])
    #expect(payload.isVerified(last(sample)), "it was written to the file that took its place")
    _ = try payload.complete(with: sample)
    #expect(disk.files == sample.files)
  }

  @Test("a file of another inode, with the same name and the same bytes, is checked and taken")
  func replaced() throws {
    let sample = try SampleContent([.init("a", 3_000)], pieceLength: 1_024)
    let disk = FakeFS()
    let payload = try nearlyComplete(sample, on: disk)
    let bytes = try #require(disk.files["t/a.part"])
    disk.remove("t/a.part")
    disk.put(bytes, at: "t/a.part")
    // The last piece goes into the file that was opened, and so is lost with it at first.
    #expect(try payload.store(last(sample), sample).lost == [])
    #expect(disk.files == sample.files)
  }

  @Test(
    "D08 the folder is moved away, or recreated empty: root missing, and no write", arguments: [true, false])
  func rootMissing(isGone: Bool) throws {
    let sample = try SampleContent([.init("a", 3_000)], pieceLength: 1_024)
    let disk = FakeFS()
    let payload = try nearlyComplete(sample, on: disk)
    disk.replaceRoot(isGone: isGone)
    disk.start()
    #expect(throws: StorageError.rootMissing(path: "/root")) { try payload.store(last(sample), sample) }
    #expect(disk.count(of: .write) == 0)
    #expect(disk.files == [:])
    #expect("\(StorageError.rootMissing(path: "/root"))".contains("root missing"))
  }

  @Test("D08 a root that had to be closed is not opened again under the path of another")
  func rootReopened() throws {
    let sample = try SampleContent([.init("a", 3_000)], pieceLength: 1_024)
    let disk = FakeFS()
    let payload = try open(sample, on: disk)
    while payload.pool.evict() {}
    disk.replaceRoot()
    #expect(throws: StorageError.rootMissing(path: "/root")) { try payload.examined() }
  }

  // MARK: While it is seeded

  private func seeding(_ sample: SampleContent, on disk: FakeFS) throws -> Payload {
    for (path, bytes) in sample.files { disk.put(bytes, at: path) }
    let payload = try open(sample, on: disk, for: .seeding)
    #expect(try payload.examined().count == sample.info.geometry.pieceCount)
    return payload
  }

  @Test("a block is ready once its file has been opened and looked at, and for two seconds")
  func readiness() throws {
    let sample = try SampleContent([.init("a", 3_000)], pieceLength: 1_024)
    let disk = FakeFS()
    let payload = try seeding(sample, on: disk)
    #expect(!isReady(payload, 0, 10))
    #expect(try payload.prepare(block(0), at: time(10)) == [])
    #expect(isReady(payload, 0, 10) && isReady(payload, 1, 11))
    #expect(!isReady(payload, 0, 12))
    disk.start()
    #expect(isReady(payload, 0, 11))
    #expect(disk.count() == 0, "asking costs no call")
  }

  @Test("D12 a byte flipped in a file that is seeded costs its piece and no other, and is never sent")
  func flippedByte() throws {
    let sample = try SampleContent([.init("a", 3_000)], pieceLength: 1_024)
    let disk = FakeFS()
    let payload = try seeding(sample, on: disk)
    _ = try payload.prepare(block(1), at: time(10))
    var bytes = sample.bytes
    bytes[1_500] ^= 1
    disk.put(bytes, at: "t/a")
    #expect(try payload.prepare(block(0), at: time(12)) == [])
    #expect(isReady(payload, 0, 12))
    #expect(!isReady(payload, 1, 12), "doubted")
    #expect(try payload.prepare(block(1), at: time(12)) == [piece(1)])
    #expect(!isReady(payload, 1, 12) && !payload.isVerified(piece(1)))
    #expect(payload.verifiedCount == 2)
  }

  @Test("D12 a new time without a change costs one look at the pieces, and nothing else")
  func touched() throws {
    let sample = try SampleContent([.init("a", 3_000)], pieceLength: 1_024)
    let disk = FakeFS()
    let payload = try seeding(sample, on: disk)
    disk.touch("t/a")
    #expect(try payload.prepare(block(1), at: time(10)) == [])
    disk.start()
    #expect(try payload.prepare(block(1), at: time(12)) == [])
    #expect(disk.count(of: .read) == 0)
    #expect(payload.verifiedCount == 3)
  }

  @Test("D07 a file that became shorter costs the pieces that it lacks")
  func shortened() throws {
    let sample = try SampleContent([.init("a", 3_000), .init("b", 3_000)], pieceLength: 1_024)
    let disk = FakeFS()
    let payload = try seeding(sample, on: disk)
    disk.put(Array(try #require(sample.files["t/a"])[..<1_024]), at: "t/a")
    #expect(try payload.prepare(block(0), at: time(10)) == [])
    #expect(try payload.prepare(block(1), at: time(10)) == [piece(1)])
    #expect(isReady(payload, 0, 10))
  }

  @Test(
    "D07 a file that is replaced by nothing, a link, a folder or a pipe costs its pieces, and nothing is followed",
    arguments: ["nothing", "link", "folder", "pipe"])
  func notAFile(what: String) throws {
    let sample = try SampleContent([.init("a", 3_000), .init("b", 3_000)], pieceLength: 1_024)
    let tree = try TemporaryTree()
    for (path, bytes) in sample.files { try tree.write(bytes, to: path) }
    let payload = try Payload(sample.info, in: tree.path, for: .seeding)
    #expect(try payload.examined().count == 6)
    #expect(unlink(tree.path + "/t/a") == 0)
    switch what {
    case "link":
      try tree.write(try #require(sample.files["t/a"]), to: "copy")
      try tree.link("t/a", to: tree.path + "/copy")
    case "folder": try tree.makeFolder("t/a")
    case "pipe": #expect(mkfifo(tree.path + "/t/a", 0o600) == 0)
    default: break
    }
    #expect(try payload.prepare(block(0), at: time(10)).map(\.value) == [0, 1, 2])
    #expect(try payload.prepare(block(4), at: time(10)) == [])
    #expect(isReady(payload, 4, 10))
  }

  @Test(
    "what is changed in a download that is complete is the user's: it keeps its name and is not fetched again"
  )
  func changedAfterTheEnd() throws {
    let sample = try SampleContent([.init("a", 3_000)], pieceLength: 1_024)
    let disk = FakeFS()
    let payload = try open(sample, on: disk)
    _ = try payload.examined()
    _ = try payload.complete(with: sample)
    #expect(payload.isComplete)
    var bytes = sample.bytes
    bytes[0] ^= 1
    disk.put(bytes, at: "t/a")
    #expect(try payload.prepare(block(0), at: time(10)) == [piece(0)])
    #expect(disk.files == ["t/a": bytes])
  }

  @Test("what is changed in a final file of a download that goes on is fetched again")
  func changedBeforeTheEnd() throws {
    let sample = try SampleContent([.init("a", 3_000), .init("b", 3_000)], pieceLength: 1_024)
    let disk = FakeFS()
    let payload = try open(sample, on: disk)
    _ = try payload.examined()
    for number in 0..<3 { _ = try payload.store(piece(number), sample) }
    var bytes = try #require(disk.files["t/a"])
    bytes[0] ^= 1
    disk.put(bytes, at: "t/a")
    #expect(try payload.prepare(block(0), at: time(10)) == [piece(0)])
    #expect(disk.files.keys.sorted() == ["t/a.part", "t/b.part"])
    _ = try payload.complete(with: sample)
    #expect(disk.files == sample.files)
  }
}
