import Platform

/// What content asks of the system: files named by one component below an open directory, so that no path
/// from a torrent is ever resolved as a whole. Symbolic links are never followed, except by `openRoot`.
///
/// A protocol for tests' sake: they have one in memory that fails on demand.
protocol FileSystem: Sendable {
  /// Opens the directory that everything happens below; the user's own path, in which links are followed.
  func openRoot(_ path: String) throws(Errno) -> Int32
  /// Makes the directory `path`, the user's own, in an existing one.
  func makeRoot(_ path: String) throws(Errno)
  func openDirectory(_ name: String, in directory: Int32) throws(Errno) -> Int32
  func makeDirectory(_ name: String, in directory: Int32) throws(Errno)
  /// Which folder the user's own path leads to.
  func identity(ofRoot path: String) throws(Errno) -> FileIdentity
  /// What has the name; a symbolic link is that, and not what it leads to.
  func status(of name: String, in directory: Int32) throws(Errno) -> FileStatus
  /// Never waits, not even for a pipe's other end; what was opened may be no regular file: see `status`.
  func openFile(_ name: String, in directory: Int32, _ mode: OpenMode) throws(Errno) -> Int32
  func status(of descriptor: Int32) throws(Errno) -> FileStatus
  /// Bytes read, possibly fewer than asked for; 0 at the end of the file.
  func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(Errno)
    -> Int
  /// Whether these bytes can be read without waiting for a disk, as far as a look at the first and the last one tells.
  func isCached(_ descriptor: Int32, _ range: Range<Int>) -> Bool
  /// Says that these bytes will be read soon, so that the disk may begin.
  func prefetch(_ descriptor: Int32, _ range: Range<Int>)
  /// Bytes written, possibly fewer than asked for.
  func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, at offset: Int) throws(Errno) -> Int
  func truncate(_ descriptor: Int32, to length: Int) throws(Errno)
  /// Returns when everything written is on the disk.
  func sync(_ descriptor: Int32) throws(Errno)
  /// - Parameter replaces: whether a file that has the new name may be lost; otherwise EEXIST.
  func rename(_ old: String, to new: String, in directory: Int32, replaces: Bool) throws(Errno)
  func removeFile(_ name: String, in directory: Int32) throws(Errno)
  /// Removes one that is empty; fails with ENOTEMPTY when it isn't.
  func removeDirectory(_ name: String, in directory: Int32) throws(Errno)
  /// The first byte at or behind `offset` that is not in a hole; `nil` when there is none.
  func nextData(_ descriptor: Int32, from offset: Int) throws(Errno) -> Int?
  /// What this process may still write below the directory.
  func room(_ directory: Int32) throws(Errno) -> DiskRoom
  /// Attaches a few bytes to a file that are no part of its content and stay with it when it gets another name.
  /// ENOTSUP where the file system has no place for that.
  func setMark(_ mark: [UInt8], of descriptor: Int32) throws(Errno)
  /// What `setMark` has attached; `nil` when there is nothing, or it can't be told.
  func mark(of descriptor: Int32) -> [UInt8]?
  func close(_ descriptor: Int32)
}

enum OpenMode: Hashable, Sendable {
  case read
  case readWrite
  /// For reading and writing, and made when it is not there.
  case create
  /// As `create`, only it must not be there.
  case createNew
}

/// What fits a file system.
struct DiskRoom: Hashable, Sendable {
  let bytes: Int
  /// Files and folders; `nil` where the file system has no limit of them.
  let files: Int?
}
