import Glibc
import Metainfo
import TestKit
import Testing

@testable import Transfer

/// Content at the start of a transfer, hashed by the engine that `verify` has.
@Suite("Examination", .timeLimit(.minutes(5))) struct ExaminationTests {
  private func seed(_ sample: SampleContent, _ disk: FakeFS) throws(StorageError) -> Payload {
    try Payload(sample.info, in: "/root", for: .seeding, fileSystem: disk)
  }

  private func disk(_ sample: SampleContent) -> FakeFS {
    let disk = FakeFS()
    for (path, bytes) in sample.files { disk.put(bytes, at: path) }
    return disk
  }

  @Test("Any number of threads finds the same pieces", arguments: [1, 2, 3, 8])
  func threads(count: Int) throws {
    let sample = try SampleContent.mixed()
    let disk = disk(sample)
    var bytes = try #require(disk.files["t/sub/deep/b"])
    bytes[2_100] ^= 1
    disk.put(bytes, at: "t/sub/deep/b")
    let good = try seed(sample, disk).examine(threads: count)
    // The byte is the content's 3,100th, in a piece that is the file's own.
    let wrong = PieceIndex(unchecked: 3_100 / 1_024)
    #expect(!good.contains(wrong))
    #expect(good.count == sample.info.geometry.pieceCount - 1)
  }

  @Test(
    "N13 whichever read fails, the examination ends with its error and every file is closed",
    arguments: [1, 3])
  func failing(threads: Int) throws {
    let sample = try SampleContent.mixed()
    let disk = disk(sample)
    disk.start()
    _ = try seed(sample, disk).examine(threads: threads)
    let reads = disk.count()
    #expect(reads > 10)
    for number in 1...reads {
      disk.start(.init(failure: (nil, number, EIO)))
      do throws(StorageError) {
        _ = try seed(sample, disk).examine(threads: threads)
        // With several threads there may be fewer calls: a file that another has opened.
        #expect(threads > 1 && disk.count() < number, "call \(number)")
      } catch {
        guard case .system(_, let path, EIO) = error else {
          Issue.record("call \(number): \(error)")
          continue
        }
        #expect(path.hasPrefix("/root"), "call \(number)")
      }
      #expect(disk.openCount == 0, "call \(number)")
    }
  }

  @Test("Files that are closed meanwhile end it")
  func closing() throws {
    let sample = try SampleContent.mixed()
    let payload = try seed(sample, disk(sample))
    payload.close()
    #expect(throws: StorageError.closed) { try payload.examine() }
  }
}
