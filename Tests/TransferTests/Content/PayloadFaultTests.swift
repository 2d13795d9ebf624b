import Glibc
import Metainfo
import Testing

@testable import Transfer

@Suite(.timeLimit(.minutes(5))) struct PayloadFaultTests {
  private func open(_ sample: SampleContent, on disk: FakeFS, limit: Int = 64) throws(StorageError) -> Payload
  {
    try Payload(
      sample.info, in: "/root", for: .downloading(overwritesForeignFiles: false), fileSystem: disk,
      descriptorLimit: limit)
  }

  private func download(_ sample: SampleContent, on disk: FakeFS) throws(StorageError) {
    let payload = try open(sample, on: disk)
    _ = try payload.examined()
    _ = try payload.complete(with: sample)
  }

  /// A file has its final name only when it is complete (I3).
  private func expectOnlyCompleteFinals(_ sample: SampleContent, on disk: FakeFS, _ comment: Comment) {
    for (path, bytes) in disk.files where sample.files[path] != nil {
      #expect(bytes == sample.files[path], comment)
    }
  }

  @Test("D05 short reads and writes, EINTR and EAGAIN change nothing", arguments: [EINTR, EAGAIN])
  func interruptions(errno: Int32) throws {
    let sample = try SampleContent.mixed()
    let disk = FakeFS()
    disk.start(.init(transferLimit: 7, interruption: errno))
    try download(sample, on: disk)
    #expect(disk.files == sample.files)
    #expect(disk.openCount == 0)

    let seeding = try Payload(sample.info, in: "/root", for: .seeding, fileSystem: disk)
    #expect(try seeding.examined().count == sample.info.geometry.pieceCount)
    for piece in sample.info.geometry.pieces {
      #expect(try seeding.bytes(of: piece)[...] == sample.bytes(of: piece))
    }
  }

  @Test(
    "D03 N13 whichever call fails, the error has its path, finals are complete, and a second run finishes")
  func everyCallFails() throws {
    let sample = try SampleContent.mixed()
    var number = 1
    while true {
      let disk = FakeFS()
      disk.start(.init(failure: (nil, number, EIO)))
      var failure: StorageError?
      do { try download(sample, on: disk) } catch { failure = error }
      if disk.count() < number { break }
      guard case .system(_, let path, EIO) = failure else {
        Issue.record("call \(number): \(String(describing: failure))")
        break
      }
      #expect(path.hasPrefix("/root"))
      expectOnlyCompleteFinals(sample, on: disk, "call \(number)")
      #expect(disk.openCount == 0, "call \(number)")
      disk.start()
      try download(sample, on: disk)
      #expect(disk.files == sample.files, "call \(number)")
      number += 1
    }
    #expect(number > 50)
  }

  @Test("D04 a file whose fsync fails keeps its partial name, and is not synced again")
  func failedSync() throws {
    let sample = try SampleContent([.init("a", 3_000)], pieceLength: 1_024)
    let disk = FakeFS()
    disk.start(.init(failure: (.sync, 1, EIO)))
    let payload = try open(sample, on: disk)
    #expect(try payload.examined() == [])
    #expect(throws: StorageError.system(call: "fsync", path: "/root/t/a", errno: EIO)) {
      try payload.complete(with: sample)
    }
    #expect(try payload.complete(with: sample) == [])
    #expect(Array(disk.files.keys) == ["t/a.part"])
    #expect(disk.count(of: .sync) == 1)
  }

  @Test("D01 a full disk is told with what is needed and what is free, for every byte that it may end at")
  func fullDisk() throws {
    let sample = try SampleContent.mixed()
    let total = sample.bytes.count
    for space in stride(from: 0, to: total, by: 97) {
      let disk = FakeFS()
      let payload = try open(sample, on: disk)
      #expect(try payload.examined() == [])
      // It gets full after the look at its room.
      disk.start(.init(space: space))
      var failure: StorageError?
      do { _ = try payload.complete(with: sample) } catch { failure = error }
      guard case .diskFull(let path, let needed, let free) = failure else {
        Issue.record("\(space): \(String(describing: failure))")
        continue
      }
      #expect(path.hasPrefix("/root/t/"))
      #expect(free == 0)
      #expect(needed == total - payload.verifiedCount * 1_024)
      expectOnlyCompleteFinals(sample, on: disk, "\(space) bytes")
      // Space is freed: the same download goes on, and what was stored is not stored again.
      let before = payload.verifiedCount
      disk.start()
      _ = try payload.complete(with: sample)
      #expect(before == space / 1_024)
      #expect(disk.files == sample.files)
    }
  }

  @Test("D09 a few descriptors are enough for many files")
  func fewDescriptors() throws {
    let sample = try SampleContent((0..<200).map { .init("f\($0)", 100) }, pieceLength: 1_024)
    let disk = FakeFS()
    disk.start(.init(descriptorLimit: 6))
    let payload = try open(sample, on: disk)
    _ = try payload.examined()
    _ = try payload.complete(with: sample)
    #expect(disk.files == sample.files)
    #expect(disk.peak <= 6)
    for piece in sample.info.geometry.pieces {
      #expect(try payload.bytes(of: piece)[...] == sample.bytes(of: piece))
    }
  }

  @Test func descriptorsStayWithinTheLimitAndAreUsedAgain() throws {
    let sample = try SampleContent((0..<50).map { .init("f\($0)", 1_024) }, pieceLength: 1_024)
    for (path, bytes) in sample.files { #expect(path.hasPrefix("t/") && bytes.count == 1_024) }
    let disk = FakeFS()
    for (path, bytes) in sample.files { disk.put(bytes, at: path) }
    let payload = try Payload(sample.info, in: "/root", for: .seeding, fileSystem: disk, descriptorLimit: 8)
    _ = try payload.examined()
    // The root, eight files, and the folder while one is opened; a ninth file before the eighth is closed.
    #expect(disk.peak <= 11)
    let piece = try #require(sample.info.geometry.piece(0))
    _ = try payload.bytes(of: piece)
    disk.start()
    for _ in 0..<100 { _ = try payload.bytes(of: piece) }
    #expect(disk.count(of: .openFile) == 0)
    payload.close()
    #expect(disk.openCount == 0)
    #expect(throws: StorageError.closed) { try payload.bytes(of: piece) }
  }

  @Test func closedWhileInUseIsClosedAfterwards() throws {
    let sample = try SampleContent([.init("a", 100)], pieceLength: 1_024)
    let disk = FakeFS()
    disk.put(sample.bytes, at: "t/a")
    let payload = try Payload(sample.info, in: "/root", for: .seeding, fileSystem: disk)
    _ = try payload.examined()
    let span = try #require(sample.info.geometry.span(piece: 0, offset: 10, length: 20))
    try payload.withPart(of: span) { part in
      payload.close()
      #expect(disk.openCount == 1)
      #expect(part.offset == 10 && part.length == 20)
    }
    #expect(disk.openCount == 0)
  }

  @Test("A piece that is there is not written again")
  func writtenOnce() throws {
    let sample = try SampleContent.mixed()
    let disk = FakeFS()
    let payload = try open(sample, on: disk)
    _ = try payload.examined()
    let first = try #require(sample.info.geometry.pieces.first)
    _ = try payload.store(first, sample)
    let before = disk.files
    disk.start()
    #expect(try payload.store(first, sample) == Payload.Stored())
    #expect(disk.count(of: .write) == 0 && disk.files == before)
  }

  @Test func zerosInHolesAreGoodWhenTheDigestSaysSo() throws {
    var zeros = SampleContent.File("z", 8_192)
    zeros.bytes = Array(repeating: 0, count: 8_192)
    let sample = try SampleContent([zeros, .init("b", 8_192)], pieceLength: 4_096)
    let disk = FakeFS()
    disk.put(Array(repeating: 0, count: 8_192), at: "t/z.part")
    disk.put(Array(repeating: 0, count: 8_192), at: "t/b.part")
    for path in disk.files.keys { disk.allocate(0, at: path) }
    let payload = try open(sample, on: disk)
    #expect(try payload.examined() == [0, 1])
    #expect(disk.count(of: .read) == 0, "holes are not read")
    #expect(disk.files.keys.sorted() == ["t/b.part", "t/z"])
  }
}
