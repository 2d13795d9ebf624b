import Foundation
import Glibc
import Metainfo
import Platform
import TestKit
import Testing

@testable import Transfer

/// Blocks that are not in the system's cache are read by a thread that may wait for the disk.
@Suite struct ColdReadTests {
  private let now = Instant(nanoseconds: 1_000_000_000)

  private func block(_ piece: Int, _ offset: Int, _ length: Int) -> BlockSpan {
    BlockSpan(piece: PieceIndex(unchecked: piece), offset: offset, length: length)
  }

  @Test("A cold block isn't ready; once it is prepared it is, and what is behind it in its piece")
  func cold() throws {
    let length = 2 * Payload.readAhead
    let sample = try SampleContent([.init("a", length + 5_000), .init("b", 40_000)], pieceLength: length)
    let disk = FakeFS()
    for (path, bytes) in sample.files { disk.put(bytes, at: path) }
    let payload = try Payload(sample.info, in: "/root", for: .seeding, fileSystem: disk)
    _ = try payload.examined()
    disk.start(FakeFS.Faults(isCold: true))
    var warm = 0..<0
    func isReady(_ span: BlockSpan) -> Bool { payload.isReady(span, at: now, warm: &warm) }

    #expect(try payload.prepare(block(0, 0, 10_000), at: now) == [])
    #expect(isReady(block(0, 0, 10_000)) && warm == 0..<Payload.readAhead)
    let reads = disk.count(of: .read)
    #expect(isReady(block(0, Payload.readAhead - 10_000, 10_000)))
    #expect(!isReady(block(0, Payload.readAhead, 10_000)), "beyond what was read")
    // A later one of the same quarter, to another peer.
    var other = 0..<0
    #expect(payload.isReady(block(0, 50_000, 10_000), at: now, warm: &other))
    #expect(other == 50_000..<Payload.readAhead)
    #expect(try payload.prepare(block(0, 60_000, 10_000), at: now) == [] && disk.count(of: .read) == reads)
    // A piece that ends in another file.
    #expect(try payload.prepare(block(1, 0, 1_000), at: now) == [])
    #expect(isReady(block(1, 0, 5_000)) && warm.upperBound == length + 5_000, "to the end of the file")
    #expect(!isReady(block(1, 4_000, 10_000)))
    #expect(try payload.prepare(block(1, 4_000, 10_000), at: now) == [])
    #expect(isReady(block(1, 4_000, 10_000)) && isReady(block(1, 14_000, 30_000)))
    #expect(disk.count(of: .read) == reads + 3)
    // What is there already is not read again.
    #expect(try payload.prepare(block(1, 4_000, 10_000), at: now) == [])
    #expect(disk.count(of: .read) == reads + 3)
    // A disk that fails is told to whoever reads for a peer, not here.
    disk.start(FakeFS.Faults(failure: (call: .read, number: 1, errno: 5), isCold: true))
    #expect(try payload.prepare(block(0, 0, 10_000), at: now) == [])
    warm = 0..<0
    #expect(!isReady(block(0, 0, 10_000)))
  }

  /// Where what has been written can be put out of the cache again: on a block device, and those
  /// have a major number, which file systems in memory or over others don't.
  private static let isOnDisk: Bool = {
    var status = stat()
    return stat(FileManager.default.temporaryDirectory.path, &status) == 0
      && (status.st_dev >> 8) & 0xfff != 0
  }()

  @Test(
    "The system tells what is in its cache",
    .enabled("the folder for temporary files is on no block device") { isOnDisk })
  func realDisk() throws {
    let folder = try ContentFolder()
    try folder.write("a", [UInt8](repeating: 1, count: 1 << 20))
    let file = open(folder["a"], O_RDONLY)
    try #require(file >= 0)
    defer { close(file) }
    #expect(DiskFileSystem().isCached(file, 0..<1 << 20))
    try #require(fsync(file) == 0 && posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED) == 0)
    #expect(!DiskFileSystem().isCached(file, 0..<1 << 20))
    var byte: UInt8 = 0
    try #require(pread(file, &byte, 1, 0) == 1)
    #expect(DiskFileSystem().isCached(file, 0..<1))
  }
}
