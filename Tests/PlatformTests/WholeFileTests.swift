import Foundation
import Glibc
import TestKit
import Testing

@testable import Platform

@Suite("A file that appears whole or not at all")
struct WholeFileTests {
  let folder: ContentFolder

  init() throws { folder = try ContentFolder() }

  private func refusal(_ path: String, overwrites: Bool = false) throws -> WholeFileError {
    try #require(throws: WholeFileError.self) { try WholeFile(path, overwrites: overwrites) }
  }

  @Test("M16 where nothing can be written is known at once, and nothing is left")
  func unwritable() async throws {
    try folder.write("file", [1])
    try folder.makeFolder("folder")
    try folder.makeFolder("closed")
    chmod(folder["closed"], 0o555)
    try folder.link("nowhere", to: "gone/away")
    #expect(try refusal(folder["none/x.torrent"]).reason == "the folder '\(folder["none"])' does not exist")
    #expect(try refusal(folder["file/x.torrent"]).reason == "Not a directory")
    #expect(try refusal(folder["folder"], overwrites: true).reason == "is a folder, not a file")
    #expect(try refusal(folder["new/"]).kind == .notWritten)
    #expect(try refusal("").kind == .notWritten)
    #expect(try refusal("/dev/null", overwrites: true).reason == "is a device, not a file")
    #expect(try refusal("/proc/x.torrent").kind == .notWritten)
    #expect(try refusal(folder["nowhere"], overwrites: true).kind == .notWritten)
    let path = folder["closed/x.torrent"]
    let failure = await refusalWithoutPrivileges { () throws(WholeFileError) in
      _ = try WholeFile(path, overwrites: false)
    }
    #expect(failure?.reason == "Permission denied")
    #expect(folder.listing == ["closed", "file", "folder", "nowhere"])
  }

  @Test("what exists is kept, unless it is to be replaced")
  func existing() throws {
    try folder.write("a.torrent", [1])
    #expect(try refusal(folder["a.torrent"]).kind == .exists)
    chmod(folder["a.torrent"], 0o640)
    try WholeFile(folder["a.torrent"], overwrites: true).write([2, 3])
    #expect(try folder.read("a.torrent") == [2, 3])
    #expect(try FileStatus(of: folder["a.torrent"], followingLinks: false).mode == 0o640)
    #expect(folder.listing == ["a.torrent"])
  }

  @Test("what comes to exist during the work is kept too")
  func race() throws {
    let file = try WholeFile(folder["a.torrent"], overwrites: false)
    try folder.write("a.torrent", [1])
    let failure = try #require(throws: WholeFileError.self) { try file.write([2]) }
    #expect(failure.kind == .exists)
    #expect(try folder.read("a.torrent") == [1])
    #expect(folder.listing == ["a.torrent"])
  }

  @Test("a symbolic link stays one, and what it leads to is replaced")
  func link() throws {
    try folder.write("real/a.torrent", [1])
    try folder.link("a.torrent", to: "real/a.torrent")
    try WholeFile(folder["a.torrent"], overwrites: true).write([2])
    #expect(try folder.read("real/a.torrent") == [2])
    #expect(try FileStatus(of: folder["a.torrent"], followingLinks: false).kind == .symlink)
    #expect(folder.listing == ["a.torrent", "real", "real/a.torrent"])
  }

  @Test("a folder that goes away during the work is an error")
  func vanished() throws {
    try folder.makeFolder("sub")
    let file = try WholeFile(folder["sub/a.torrent"], overwrites: false)
    rmdir(folder["sub"])
    #expect(try #require(throws: WholeFileError.self) { try file.write([1]) }.kind == .notWritten)
    #expect(folder.listing == [])
  }
}
