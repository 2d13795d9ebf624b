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
    let descriptor: Descriptor
    init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }
  }

  func status(of path: String) throws(Errno) -> FileStatus {
    try FileStatus(of: path, followingLinks: true)
  }

  func open(_ path: String) throws(Errno) -> File { File(try SystemFile.open(path, .read)) }

  func read(_ file: File, at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int {
    try SystemFile.read(file.descriptor.raw, into: buffer, at: offset)
  }

  func prefetch(_ file: File, _ range: Range<Int>) { SystemFile.prefetch(file.descriptor.raw, range) }

  var blocksRead: Int { ThreadUsage.blocksRead }
}
