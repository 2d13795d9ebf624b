import Glibc
import TestKit
import Testing

@testable import Platform

@Suite("A file whose writing is cut off")
struct InterruptedWriteTests {
  private let old = [UInt8](repeating: 1, count: 1000)
  private let new = [UInt8](repeating: 2, count: 3000)

  /// Runs `body` with calls that end at the first, second … and so on, until one run gets through.
  private func forEveryCall(_ fate: DyingFileCalls.Fate, _ body: (DyingFileCalls, Int) throws -> Void)
    rethrows
  {
    var number = 0
    while true {
      let calls = DyingFileCalls(at: number, fate)
      try body(calls, number)
      calls.bury()
      guard calls.made > number else { break }
      number += 1
    }
    #expect(number >= 10)
  }

  @Test(
    "M13 killed at any call, replacing leaves the old file or the new one, and the next run leaves nothing else"
  )
  func killedWhileReplacing() throws {
    try forEveryCall(.dies) { calls, number in
      let folder = try ContentFolder()
      try folder.write("real/a.torrent", old)
      try folder.link("a.torrent", to: "real/a.torrent")
      chmod(folder["real/a.torrent"], 0o640)
      try? WholeFile(folder["a.torrent"], overwrites: true, calls: calls).write(new)
      calls.bury()
      #expect([old, new].contains(try folder.read("real/a.torrent")), "call \(number)")
      try WholeFile(folder["a.torrent"], overwrites: true).write(new)
      #expect(try folder.read("real/a.torrent") == new)
      #expect(folder.listing == ["a.torrent", "real", "real/a.torrent"], "call \(number)")
      #expect(try FileStatus(of: folder["a.torrent"], followingLinks: false).kind == .symlink)
      #expect(try FileStatus(of: folder["real/a.torrent"], followingLinks: false).mode == 0o640)
    }
  }

  @Test("K04 M13 killed at any call, a new file is there whole or not at all")
  func killedWhileMaking() throws {
    try forEveryCall(.dies) { calls, number in
      let folder = try ContentFolder()
      try? WholeFile(folder["a.torrent"], overwrites: false, calls: calls).write(new)
      calls.bury()
      if folder.listing.contains("a.torrent") {
        #expect(try folder.read("a.torrent") == new, "call \(number)")
      }
      try WholeFile(folder["b.torrent"], overwrites: false).write(old)
      #expect([["b.torrent"], ["a.torrent", "b.torrent"]].contains(folder.listing), "call \(number)")
    }
  }

  @Test("M13 a call that fails leaves the old file, and nothing beside it")
  func failing() throws {
    try forEveryCall(.fails) { calls, number in
      let folder = try ContentFolder()
      try folder.write("a.torrent", old)
      let isWritten =
        (try? WholeFile(folder["a.torrent"], overwrites: true, calls: calls).write(new)) != nil
      calls.bury()
      #expect(try folder.read("a.torrent") == (isWritten ? new : old), "call \(number)")
      // Removing is what fails in one of the runs; the next one makes good for it.
      _ = try WholeFile(folder["a.torrent"], overwrites: true)
      #expect(folder.listing == ["a.torrent"], "call \(number)")
    }
  }

  @Test("M13 what somebody writes at this moment is not taken for left over")
  func concurrent() throws {
    let folder = try ContentFolder()
    let calls = SystemFileCalls()
    let name = TemporaryName.random()
    let descriptor = try calls.create(folder[name], mode: 0o600)
    #expect(calls.claim(descriptor))
    try folder.write(".torrentctl-mine.tmp", [1])
    try folder.write(".torrentctl-12ab.tmp", [1])
    TemporaryName.removeStale(in: folder[""])
    #expect(Set(folder.listing) == [".torrentctl-mine.tmp", name])
    calls.close(descriptor)
    TemporaryName.removeStale(in: folder[""])
    #expect(folder.listing == [".torrentctl-mine.tmp"])
  }

  @Test("a file that somebody else has changed is not replaced when that matters")
  func changedMeanwhile() throws {
    let folder = try ContentFolder()
    try folder.write("a.torrent", old)
    let status = try FileStatus(of: folder["a.torrent"], followingLinks: true)
    let file = try WholeFile(folder["a.torrent"], overwrites: true)
    try folder.write("a.torrent", [3])
    let failure = try #require(throws: WholeFileError.self) { try file.write(new, ifStill: status) }
    #expect(failure.kind == .changed)
    #expect(try folder.read("a.torrent") == [3])
    #expect(folder.listing == ["a.torrent"])
  }

  @Test("what is written in place of a file that few may read is never readable by others")
  func modeMeanwhile() throws {
    let folder = try ContentFolder()
    try folder.write("a.torrent", old)
    chmod(folder["a.torrent"], 0o600)
    // Killed at the first write: what is left of it is the temporary file.
    let calls = DyingFileCalls(at: 6, .dies)
    try? WholeFile(folder["a.torrent"], overwrites: true, calls: calls).write(new)
    let temporary = try #require(folder.listing.first { $0 != "a.torrent" })
    #expect(try FileStatus(of: folder[temporary], followingLinks: false).mode & 0o077 == 0)
    calls.bury()
  }

  @Test(
    "A file is on the disk before it has its name, and the name before the call returns",
    arguments: [false, true])
  func durable(overwrites: Bool) throws {
    let folder = try ContentFolder()
    if overwrites { try folder.write("a.torrent", old) }
    let calls = NotingFileCalls()
    try WholeFile(folder["a.torrent"], overwrites: overwrites, calls: calls).write(new)
    let naming = overwrites ? "rename" : "link"
    #expect(
      calls.made.filter { ["write", "sync", naming, "sync folder"].contains($0) } == [
        "write", "sync", naming, "sync folder",
      ])
  }
}
