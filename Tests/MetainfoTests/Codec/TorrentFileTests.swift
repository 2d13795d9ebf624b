import Foundation
import Metainfo
import Testing

/// A folder that is gone when the test is.
private final class TemporaryFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "torrent-file-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    try Data(bytes).write(to: URL(filePath: path + "/" + name))
    return path + "/" + name
  }
}

@Suite struct TorrentFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("A file is read like its bytes")
  func reading() throws {
    let path = try folder.file("a.torrent", Sample.bytes(Sample.single))
    #expect(
      try TorrentFile.read(path: path).infoHash == Torrent(decoding: Sample.bytes(Sample.single)).infoHash)
  }

  @Test("B11 a file of 10,000,001 bytes")
  func tooLarge() throws {
    let path = try folder.file("large", [UInt8](repeating: 0x30, count: 10_000_001))
    check(path, "not a torrent: 10000001 bytes, the limit is 10000000", .tooLarge)
  }

  @Test("B11 a file of 10,000,000 bytes is looked at")
  func largest() throws {
    let path = try folder.file("large", [UInt8](repeating: 0x30, count: 10_000_000))
    check(path, "not a torrent: unexpected end at byte 10000000", .malformed)
  }

  @Test("B11 an endless device") func device() {
    check("/dev/zero", "not a regular file", .io(call: "open", errno: EINVAL))
  }

  @Test("B11 a pipe that nobody writes to does not block", .timeLimit(.minutes(5)))
  func pipe() throws {
    let path = folder.path + "/pipe"
    try #require(mkfifo(path, 0o600) == 0)
    check(path, "not a regular file", .io(call: "open", errno: EINVAL))
  }

  @Test("B11 a directory")
  func directory() {
    check(folder.path, "is a directory, not a regular file", .io(call: "open", errno: EISDIR))
  }

  @Test("B11 an empty file")
  func empty() throws { check(try folder.file("empty", []), "not a torrent: empty file", .malformed) }

  @Test("B11 a missing file, and one below a file")
  func missing() throws {
    check(folder.path + "/none", "No such file or directory", .io(call: "open", errno: ENOENT))
    let below = try folder.file("a", [1]) + "/b"
    check(below, "Not a directory", .io(call: "open", errno: ENOTDIR))
    let hidden = folder.path + "/a\0b"
    check(
      hidden, "No such file or directory", .io(call: "open", errno: ENOENT), shown: folder.path + "/a\\u{00}b"
    )
  }

  @Test("B11 an unreadable file")
  func unreadable() throws {
    let path = try folder.file("secret", Sample.bytes(Sample.single))
    try #require(chmod(path, 0) == 0)
    try asNobody { check(path, "Permission denied", .io(call: "open", errno: EACCES)) }
  }

  @Test("B11 a file that can be opened and not read")
  func readError() {
    check("/proc/self/mem", "Input/output error", .io(call: "read", errno: EIO))
  }

  /// Calls `body` without root's right to read every file, which this thread gives up until then.
  private func asNobody(_ body: () -> Void) throws {
    typealias SetUser = @convention(c) (UInt32) -> Int32
    let setUser = unsafeBitCast(try #require(dlsym(nil, "setfsuid")), to: SetUser.self)
    let user = UInt32(bitPattern: setUser(65534))
    defer { _ = setUser(user) }
    body()
  }

  @Test("Another limit can be asked for")
  func limit() throws {
    let bytes = Sample.bytes(Sample.single)
    let path = try folder.file("a", bytes)
    let reason = "not a torrent: \(bytes.count) bytes, the limit is \(bytes.count - 1)"
    #expect(throws: MetainfoError(.tooLarge, reason, file: path)) {
      _ = try TorrentFile.read(path: path, limits: .init(size: bytes.count - 1))
    }
    _ = try TorrentFile.read(path: path, limits: .init(size: bytes.count))
  }

  @Test("An error names the file, escaped, and the field")
  func message() throws {
    let path = try folder.file("a\u{1B}b", Array("d4:infodee".utf8))
    do throws(MetainfoError) {
      _ = try TorrentFile.read(path: path)
      Issue.record("accepted")
    } catch {
      #expect(error.description == "\(folder.path)/a\\u{1B}b: name: missing")
    }
  }

  private func check(_ path: String, _ reason: String, _ kind: MetainfoError.Kind, shown: String? = nil) {
    #expect(throws: MetainfoError(kind, reason, file: shown ?? path)) { _ = try TorrentFile.read(path: path) }
  }
}
