import Glibc
import Metainfo
import Platform
import TestKit
import Testing

@testable import Transfer

/// Whose a `NAME.part` is that was there before.
@Suite(.timeLimit(.minutes(5))) struct ForeignPartTests {
  private func open(_ sample: SampleContent, on disk: FakeFS, overwrites: Bool = false) throws(StorageError)
    -> Payload
  {
    try Payload(
      sample.info, in: "/root", for: .downloading(overwritesForeignFiles: overwrites), fileSystem: disk)
  }

  private func expectRefusal(_ sample: SampleContent, on disk: FakeFS, of path: String) throws {
    let before = disk.files
    #expect(throws: StorageError.foreignFile(path: path)) { try open(sample, on: disk).examined() }
    #expect(disk.files == before)
    _ = try open(sample, on: disk, overwrites: true).examined()
  }

  @Test(
    "D10 a foreign partial file is refused before anything is changed, and overwritten only when asked",
    arguments: [10, 5_000, 6_000])
  func foreignPart(length: Int) throws {
    let sample = try SampleContent([.init("a", 5_000), .init("b", 3_000)], pieceLength: 1_024)
    let disk = FakeFS()
    disk.put(Array(repeating: 7, count: length), at: "t/a.part")
    disk.put(try #require(sample.files["t/b"]), at: "t/b")
    try expectRefusal(sample, on: disk, of: "/root/t/a.part")
    let payload = try open(sample, on: disk, overwrites: true)
    _ = try payload.examined()
    _ = try payload.complete(with: sample)
    #expect(disk.files == sample.files)
  }

  @Test("D10 a foreign partial file of one that is not selected is refused when it would be written")
  func foreignNeighbour() throws {
    let sample = try SampleContent([.init("a", 1_500), .init("b", 3_000)], pieceLength: 1_024)
    let disk = FakeFS()
    disk.put([7, 7, 7], at: "t/b.part")
    let payload = try Payload(
      sample.info, in: "/root", for: .downloading(overwritesForeignFiles: false), wanted: [true, false],
      fileSystem: disk)
    #expect(throws: StorageError.foreignFile(path: "/root/t/b.part")) { try payload.examined() }
    #expect(disk.files == ["t/b.part": [7, 7, 7]])
  }

  @Test("D10 a foreign partial file beside a damaged final one is not overwritten by it")
  func foreignBesideFinal() throws {
    let sample = try SampleContent([.init("a", 5_000)], pieceLength: 1_024)
    let disk = FakeFS()
    disk.put(Array(sample.bytes[..<2_000]), at: "t/a")
    disk.put([7, 7, 7], at: "t/a.part")
    try expectRefusal(sample, on: disk, of: "/root/t/a.part")
  }

  @Test("D10 a partial file that has no byte is taken: nothing can be lost", arguments: [0, 5_000, 8_192])
  func hollow(length: Int) throws {
    let sample = try SampleContent([.init("a", 5_000)], pieceLength: 1_024)
    let disk = FakeFS()
    disk.put(Array(repeating: 0, count: length), at: "t/a.part")
    let payload = try open(sample, on: disk)
    #expect(try payload.examined() == [])
    _ = try payload.complete(with: sample)
    #expect(disk.files == sample.files)
  }

  @Test("D10 one right piece proves that a partial file is this torrent's, wherever it came from")
  func provenByAPiece() throws {
    let sample = try SampleContent([.init("a", 5_000)], pieceLength: 1_024)
    let disk = FakeFS()
    disk.put(Array(repeating: 7, count: 1_024) + sample.bytes[1_024..<2_048], at: "t/a.part")
    #expect(try open(sample, on: disk).examined() == [1])
  }

  @Test("K01 a download that ended at any byte of its first pieces knows its own partial files")
  func provenByItsMark() throws {
    let sample = try SampleContent(
      (0..<6).map { .init("f\($0)", 300) } + [.init("g", 3_000)], pieceLength: 1_024)
    for space in stride(from: 1, to: 2_100, by: 53) {
      let disk = FakeFS()
      let payload = try open(sample, on: disk)
      _ = try payload.examined()
      disk.start(.init(space: space))
      #expect(throws: StorageError.self) { try payload.complete(with: sample) }
      disk.start()
      let again = try open(sample, on: disk)
      #expect(try again.examined() == Array(0..<space / 1_024), "\(space) bytes written")
      _ = try again.complete(with: sample)
      #expect(disk.files == sample.files)
    }
  }

  @Test("without marks the pieces alone decide")
  func noMarks() throws {
    let sample = try SampleContent([.init("a", 5_000)], pieceLength: 1_024)
    let disk = FakeFS()
    disk.start(.init(takesMarks: false))
    let payload = try open(sample, on: disk)
    _ = try payload.examined()
    _ = try payload.store(PieceIndex(unchecked: 0), sample)
    #expect(try open(sample, on: disk).examined() == [0])
  }

  @Test("D10 a partial file of another torrent, marked as that, is foreign")
  func otherTorrent() throws {
    let sample = try SampleContent([.init("a", 5_000)], pieceLength: 1_024)
    let other = try SampleContent([.init("a", 4_000), .init("z", 10)], pieceLength: 1_024)
    let disk = FakeFS()
    let payload = try open(other, on: disk)
    _ = try payload.examined()
    _ = try payload.store(PieceIndex(unchecked: 1), other)
    // Its first piece has the same bytes; the second one, cut off at the end of the file, has not.
    let part = try #require(disk.files["t/a.part"])
    disk.put(part.map { ~$0 }, at: "t/a.part")
    try expectRefusal(sample, on: disk, of: "/root/t/a.part")
  }

  @Test("the system's own marks stay with a file under another name")
  func systemMarks() throws {
    let tree = try TemporaryTree()
    try tree.write([1, 2, 3], to: "a")
    let disk = DiskFileSystem()
    let folder = try disk.openRoot(tree.path)
    defer { disk.close(folder) }
    let file = try disk.openFile("a", in: folder, .readWrite)
    defer { disk.close(file) }
    #expect(disk.mark(of: file) == nil)
    do throws(Errno) { try disk.setMark([9, 8], of: file) } catch {
      #expect(error.code == ENOTSUP)
      return
    }
    try disk.rename("a", to: "b", in: folder, replaces: false)
    #expect(disk.mark(of: file) == [9, 8])
    #expect(tree.read("b") == [1, 2, 3])
  }
}
