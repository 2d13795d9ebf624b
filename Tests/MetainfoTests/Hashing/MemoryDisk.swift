import Glibc
import Platform

@testable import Metainfo

/// Files in memory, named by their number, on a disk that gives at most so many bytes at a time, can fail, and
/// remembers what was asked of it.
final class MemoryDisk: ContentDisk {
  typealias File = Int

  struct Event: Hashable {
    enum Call: Hashable { case open, read, prefetch }
    let call: Call
    let file: Int
    var range = 0..<0
  }

  private let files: [[UInt8]]
  private let isCached: Bool
  private let longestRead: Int
  private let failures: Set<Event.Call>
  private let failing: Int?
  private let log = Lock<[Event]>([])

  /// - Parameter isCached: Whether reading costs the disk nothing.
  init(
    _ files: [[UInt8]], isCached: Bool = false, longestRead: Int = .max, failing: Int? = nil,
    at failures: Set<Event.Call> = []
  ) {
    self.files = files
    self.isCached = isCached
    self.longestRead = longestRead
    self.failing = failing
    self.failures = failures
  }

  var events: [Event] { log.withLock { $0 } }

  static func path(of file: Int) -> String { "\(file)" }

  func status(of path: String) throws(Errno) -> FileStatus { throw Errno(ENOSYS) }

  func open(_ path: String) throws(Errno) -> Int {
    guard let file = Int(path), files.indices.contains(file) else { throw Errno(ENOENT) }
    log.withLock { $0.append(Event(call: .open, file: file)) }
    if failing == file, failures.contains(.open) { throw Errno(EACCES) }
    return file
  }

  func read(_ file: Int, at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int {
    log.withLock { $0.append(Event(call: .read, file: file, range: offset..<offset + buffer.count)) }
    if failing == file, failures.contains(.read) { throw Errno(EIO) }
    let rest = files[file].dropFirst(offset).prefix(min(buffer.count, longestRead))
    buffer.copyBytes(from: rest)
    return rest.count
  }

  func prefetch(_ file: Int, _ range: Range<Int>) {
    log.withLock { $0.append(Event(call: .prefetch, file: file, range: range)) }
  }

  var blocksRead: Int { isCached ? 0 : events.count { $0.call == .read } }
}
