import Metainfo
import Testing

@testable import Transfer

/// Whether what is missing fits the disk.
@Suite(.timeLimit(.minutes(5))) struct DiskRoomTests {
  private func examine(_ sample: SampleContent, on disk: FakeFS, wanted: [Bool]? = nil) throws(StorageError) {
    _ = try Payload(
      sample.info, in: "/root", for: .downloading(overwritesForeignFiles: false), wanted: wanted,
      fileSystem: disk
    ).examined()
  }

  @Test("D13 a disk without room for what is missing is told before anything is fetched, or written")
  func noRoom() throws {
    let sample = try SampleContent([.init("a", 5_000), .init("b", 3_000)], pieceLength: 1_024)
    let disk = FakeFS()
    disk.start(.init(space: 7_999))
    #expect(throws: StorageError.diskFull(path: "/root", needed: 8_000, free: 7_999)) {
      try examine(sample, on: disk)
    }
    #expect(disk.files == [:])
    disk.start(.init(space: 8_000))
    try examine(sample, on: disk)
  }

  @Test("D13 what is there, and right, needs no room, nor does what is not wanted")
  func partlyThere() throws {
    let sample = try SampleContent([.init("a", 4_096), .init("b", 4_096)], pieceLength: 1_024)
    let disk = FakeFS()
    disk.put(try #require(sample.files["t/a"]), at: "t/a")
    disk.start(.init(space: 4_096))
    try examine(sample, on: disk)
    disk.start(.init(space: 0))
    try examine(sample, on: disk, wanted: [true, false])
  }

  @Test(
    "D13 a sparse file needs the room of its holes, and a preallocated one none", arguments: [true, false])
  func preallocated(isAllocated: Bool) throws {
    let sample = try SampleContent([.init("a", 8_192)], pieceLength: 1_024)
    let disk = FakeFS()
    disk.put(sample.bytes[..<1_024] + Array(repeating: 0, count: 7_168), at: "t/a.part")
    disk.allocate(isAllocated ? 8_192 : 1_024, at: "t/a.part")
    disk.start(.init(space: 7_167))
    if isAllocated {
      try examine(sample, on: disk)
    } else {
      #expect(throws: StorageError.diskFull(path: "/root", needed: 7_168, free: 7_167)) {
        try examine(sample, on: disk)
      }
    }
  }

  @Test("a file system without inodes says that files, not bytes, are used up: before, and in the middle")
  func noInodes() throws {
    let sample = try SampleContent([.init("a", 1_024), .init("b", 1_024)], pieceLength: 1_024)
    let disk = FakeFS()
    disk.start(.init(space: 1 << 20, files: 1))
    #expect(throws: StorageError.outOfFiles(path: "/root", free: 1 << 20)) { try examine(sample, on: disk) }

    let payload = try Payload(
      sample.info, in: "/root", for: .downloading(overwritesForeignFiles: false), fileSystem: FakeFS())
    _ = try payload.examined()
    (payload.fileSystem as? FakeFS)?.start(.init(space: 1 << 20, files: 2))
    #expect(throws: StorageError.outOfFiles(path: "/root/t/b", free: (1 << 20) - 1_024)) {
      try payload.complete(with: sample)
    }
    #expect("\(StorageError.outOfFiles(path: "/d", free: 10))".contains("inodes"))
  }
}
