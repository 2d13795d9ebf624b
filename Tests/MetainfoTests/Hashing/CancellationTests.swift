import Foundation
import Platform
import TestKit
import Testing

@testable import Metainfo

/// The system's disk, whose first read waits until it is told to go on.
private struct HesitantDisk: ContentDisk {
  let begun = Gate()
  let mayGoOn = Gate()

  func status(of path: String) throws(Errno) -> FileStatus { try SystemDisk().status(of: path) }
  func open(_ path: String) throws(Errno) -> SystemDisk.File { try SystemDisk().open(path) }

  func read(
    _ file: SystemDisk.File, at offset: Int, into buffer: UnsafeMutableRawBufferPointer
  ) throws(Errno) -> Int {
    begun.open()
    mayGoOn.wait()
    return try SystemDisk().read(file, at: offset, into: buffer)
  }
}

/// Opened once, for all.
private final class Gate: Sendable {
  private let state = Monitor(false)

  var isOpen: Bool { state.withLock { $0 } }

  func open() {
    state.withLock { $0 = true }
    state.broadcast()
  }

  func wait() { state.wait { $0 ? () : nil } }

  /// Without holding a thread of the runtime's.
  func opened() async {
    await withCheckedContinuation { done in
      Thread {
        self.wait(); done.resume()
      }.start()
    }
  }
}

@Suite("Hashing that is awaited, and called off") struct CancellationTests {
  private let folder: ContentFolder
  private let author: TorrentAuthor

  init() throws {
    folder = try ContentFolder()
    for number in 0..<20 {
      try folder.write("data/\(number)", [UInt8](repeating: UInt8(number), count: 300_000))
    }
    author = try TorrentAuthor(content: folder["data"], options: AuthorOptions())
  }

  private func verifier(_ torrent: AuthoredTorrent) throws -> ContentVerifier {
    let info = try Torrent(decoding: torrent.bytes).info
    return ContentVerifier(info, at: .find(info, content: folder["data"], torrentFile: nil))
  }

  @Test("What is awaited is what is returned")
  func awaited() async throws {
    let made = try await author.create()
    let synchronous: () throws -> AuthoredTorrent = { try author.create() }
    #expect(try synchronous().bytes == made.bytes)
    let last = Lock(0)
    let report = try await verifier(made).verify { progress in last.withLock { $0 = progress.done } }
    #expect(report.isOK)
    #expect(last.withLock { $0 } == 20 * 300_000)
  }

  @Test("A task that is cancelled while content is read hears of it, and no more is read")
  func cancelledMeanwhile() async throws {
    let made = try await author.create()
    let disk = HesitantDisk()
    let last = Lock(0)
    let creating = Task {
      try await author.create(disk: disk) { progress in last.withLock { $0 = progress.done } }
    }
    await disk.begun.opened()
    creating.cancel()
    disk.mayGoOn.open()
    await #expect(throws: CancellationError.self) { _ = try await creating.value }
    #expect(last.withLock { $0 } < 20 * 300_000)

    let other = HesitantDisk()
    let verifier = try verifier(made)
    let verifying = Task { try await verifier.verify(disk: other) { _ in } }
    await other.begun.opened()
    verifying.cancel()
    other.mayGoOn.open()
    await #expect(throws: CancellationError.self) { _ = try await verifying.value }
  }

  @Test("A task that is cancelled already reads nothing")
  func cancelledBefore() async throws {
    let disk = HesitantDisk()
    disk.mayGoOn.open()
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await author.create(disk: disk) { _ in }
    }
    await #expect(throws: CancellationError.self) { _ = try await task.value }
    #expect(!disk.begun.isOpen)
  }

  @Test("An error of the content is the same when it is awaited")
  func failing() async throws {
    try FileManager.default.removeItem(atPath: folder["data/7"])
    let failure = await #expect(throws: AuthorError.self) { _ = try await author.create() }
    #expect(failure?.kind == .changed)
  }
}
