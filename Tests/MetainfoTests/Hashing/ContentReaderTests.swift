import Glibc
import Platform
import Testing

@testable import Metainfo

@Suite("Reading content")
struct ContentReaderTests {
  private static let lengths = [5, 0, 7, 1, 9]
  private let layout: FileLayout
  private let files: [[UInt8]]

  init() throws {
    let hashing = try HashingCase(
      lengths: Self.lengths, pieceLength: 16, isAligned: false, kinds: .sha1, seed: 1)
    (layout, files) = (hashing.layout, hashing.files)
  }

  @Test("every range of the content is what its files hold", arguments: [1, 2, 5])
  func ranges(maximumOpen: Int) throws {
    let content = files.flatMap { $0 }
    let disk = MemoryDisk(files, longestRead: 3)
    var reader = ContentReader(disk: disk, layout: layout, maximumOpen: maximumOpen, path: MemoryDisk.path)
    for start in content.indices {
      for end in start...content.count {
        var buffer = [UInt8](repeating: 0xee, count: end - start)
        try buffer.withUnsafeMutableBytes { try reader.read(at: start, into: $0) }
        #expect(buffer == Array(content[start..<end]))
      }
    }
  }

  @Test("files that are read in turn stay open, as many as may")
  func openFiles() throws {
    let disk = MemoryDisk(files)
    var reader = ContentReader(disk: disk, layout: layout, maximumOpen: 2, path: MemoryDisk.path)
    for offset in [0, 5, 1, 6, 2, 12, 3, 13] {
      try withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { try reader.read(at: offset, into: $0) }
    }
    #expect(disk.events.filter { $0.call == .open }.map(\.file) == [0, 2, 3, 4])
  }

  @Test("where the system has few descriptors, files are closed for others")
  func fewDescriptors() throws {
    let disk = NarrowDisk(files, limit: 1)
    var reader = ContentReader(disk: disk, layout: layout, maximumOpen: 4, path: MemoryDisk.path)
    var buffer = [UInt8](repeating: 0, count: layout.totalLength)
    try buffer.withUnsafeMutableBytes { try reader.read(at: 0, into: $0) }
    #expect(buffer == files.flatMap { $0 })
  }
}

/// Files in memory of which only some may be open at a time.
private final class NarrowDisk: ContentDisk {
  final class File: Sendable {
    let number: Int
    let disk: NarrowDisk
    init(_ number: Int, of disk: NarrowDisk) { (self.number, self.disk) = (number, disk) }
    deinit { disk.open.withLock { $0 -= 1 } }
  }

  private let memory: MemoryDisk
  private let limit: Int
  private let open = Lock(0)

  init(_ files: [[UInt8]], limit: Int) {
    memory = MemoryDisk(files)
    self.limit = limit
  }

  func status(of path: String) throws(Errno) -> FileStatus { try memory.status(of: path) }

  func open(_ path: String) throws(Errno) -> File {
    let mayOpen = open.withLock { open in
      guard open < limit else { return false }
      open += 1
      return true
    }
    guard mayOpen else { throw Errno(EMFILE) }
    return File(try memory.open(path), of: self)
  }

  func read(_ file: File, at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int {
    try memory.read(file.number, at: offset, into: buffer)
  }
}
