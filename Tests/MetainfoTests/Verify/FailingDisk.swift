import Platform

@testable import Metainfo

/// The system's disk with one bad spot, or with a file that it refuses to open.
struct FailingDisk: ContentDisk {
  let path: String
  let offset: Int
  let code: Int32
  var refusesToOpen = false

  struct File: Sendable {
    let path: String
    let file: SystemDisk.File
  }

  func status(of path: String) throws(Errno) -> FileStatus { try SystemDisk().status(of: path) }

  func open(_ path: String) throws(Errno) -> File {
    if refusesToOpen, path == self.path { throw Errno(code) }
    return File(path: path, file: try SystemDisk().open(path))
  }

  func read(_ file: File, at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int {
    if file.path == path, (offset..<offset + buffer.count).contains(self.offset) { throw Errno(code) }
    return try SystemDisk().read(file.file, at: offset, into: buffer)
  }
}
