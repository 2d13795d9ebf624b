import Glibc
import Platform

/// The system calls by which content is read, so that a test can make a disk fail.
protocol ContentDisk: Sendable {
  associatedtype File: Sendable

  /// What is at the path, behind symbolic links.
  func status(of path: String) throws(Errno) -> FileStatus
  /// Opens for reading.
  func open(_ path: String) throws(Errno) -> File
  /// Reads at most a buffer from `offset` on and gives the number of bytes; 0 is the end of the file.
  func read(_ file: File, at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int
  /// Says that these bytes will be read soon, so that the disk may begin. Whatever goes wrong shows when they are.
  func prefetch(_ file: File, _ range: Range<Int>)
  /// How much this thread has made the disk itself read up to now, in units of its own; what comes out of the
  /// system's cache doesn't count.
  var blocksRead: Int { get }
}

extension ContentDisk {
  var blocksRead: Int { 0 }
  func prefetch(_ file: File, _ range: Range<Int>) {}
}

/// The disk of this machine.
struct SystemDisk: ContentDisk {
  /// An open file, closed with the last reference.
  final class File: Sendable {
    let descriptor: Int32
    init(_ descriptor: Int32) { self.descriptor = descriptor }
    deinit { close(descriptor) }
  }

  func status(of path: String) throws(Errno) -> FileStatus {
    try FileStatus(of: path, followingLinks: true)
  }

  func open(_ path: String) throws(Errno) -> File {
    while true {
      // Not blocking, for the case that someone has put a named pipe there since its status was asked.
      let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
      if descriptor >= 0 { return File(descriptor) }
      guard errno == EINTR else { throw .last }
    }
  }

  func read(_ file: File, at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int {
    while true {
      let count = pread(file.descriptor, buffer.baseAddress, buffer.count, off_t(offset))
      if count >= 0 { return count }
      guard errno == EINTR else { throw .last }
    }
  }

  func prefetch(_ file: File, _ range: Range<Int>) {
    _ = posix_fadvise(
      file.descriptor, off_t(range.lowerBound), off_t(range.count), Int32(POSIX_FADV_WILLNEED))
  }

  var blocksRead: Int {
    // RUSAGE_THREAD, which Glibc's module lacks.
    let thisThread: Int32 = 1
    var usage = rusage()
    return getrusage(thisThread, &usage) == 0 ? usage.ru_inblock : 0
  }
}
