import Foundation
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

  @Test("The system tells what is in its cache")
  func realDisk() throws {
    let folder = try ContentFolder()
    try folder.write("a", [UInt8](repeating: 1, count: 1 << 20))
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: folder["a"]))
    defer { try? file.close() }
    // Just written, it is.
    #expect(DiskFileSystem().isCached(file.fileDescriptor, 0..<1 << 20))
  }
}
