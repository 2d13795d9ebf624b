import CLinux
import Platform

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The system's own file system.
struct DiskFileSystem: FileSystem {
  func openRoot(_ path: String) throws(Errno) -> Int32 {
    try number(path.withSystemPath { open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) })
  }

  func makeRoot(_ path: String) throws(Errno) {
    try check(path.withSystemPath { mkdir($0, 0o777) })
  }

  func openDirectory(_ name: String, in directory: Int32) throws(Errno) -> Int32 {
    try number(openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC))
  }

  func makeDirectory(_ name: String, in directory: Int32) throws(Errno) {
    try check(mkdirat(directory, name, 0o777))
  }

  func openFile(_ name: String, in directory: Int32, _ mode: OpenMode) throws(Errno) -> Int32 {
    let access =
      switch mode {
      case .read: O_RDONLY
      case .readWrite: O_RDWR
      case .create: O_RDWR | O_CREAT
      case .createNew: O_RDWR | O_CREAT | O_EXCL
      }
    return try number(openat(directory, name, access | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0o666))
  }

  func identity(ofRoot path: String) throws(Errno) -> FileIdentity {
    try FileStatus(of: path, followingLinks: true).identity
  }

  func status(of name: String, in directory: Int32) throws(Errno) -> FileStatus {
    try FileStatus(of: name, in: directory)
  }

  func status(of descriptor: Int32) throws(Errno) -> FileStatus { try FileStatus(of: descriptor) }

  func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(Errno)
    -> Int
  {
    try SystemFile.read(descriptor, into: buffer, at: offset)
  }

  func isCached(_ descriptor: Int32, _ range: Range<Int>) -> Bool {
    linux_is_cached(descriptor, off_t(range.lowerBound)) != 0
      && linux_is_cached(descriptor, off_t(range.upperBound - 1)) != 0
  }

  func prefetch(_ descriptor: Int32, _ range: Range<Int>) { SystemFile.prefetch(descriptor, range) }

  func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, at offset: Int) throws(Errno) -> Int {
    try SystemFile.write(descriptor, bytes, at: offset)
  }

  func truncate(_ descriptor: Int32, to length: Int) throws(Errno) {
    try SystemFile.truncate(descriptor, to: length)
  }

  func sync(_ descriptor: Int32) throws(Errno) {
    try SystemFile.sync(descriptor)
  }

  func rename(_ old: String, to new: String, in directory: Int32, replaces: Bool) throws(Errno) {
    if replaces { return try check(renameat(directory, old, directory, new)) }
    if linux_rename_exclusive(directory, old, directory, new) == 0 { return }
    guard errno == EINVAL || errno == ENOSYS else { throw Errno(errno) }
    // A file system that can't do it in one step.
    guard faccessat(directory, new, F_OK, Int32(AT_SYMLINK_NOFOLLOW)) != 0 else { throw Errno(EEXIST) }
    try check(renameat(directory, old, directory, new))
  }

  func removeFile(_ name: String, in directory: Int32) throws(Errno) {
    try check(unlinkat(directory, name, 0))
  }

  func removeDirectory(_ name: String, in directory: Int32) throws(Errno) {
    try check(unlinkat(directory, name, AT_REMOVEDIR))
  }

  func nextData(_ descriptor: Int32, from offset: Int) throws(Errno) -> Int? {
    let found = linux_seek_data(descriptor, off_t(offset))
    if found >= 0 { return Int(found) }
    if errno == ENXIO { return nil }
    // A file system that knows no holes.
    if errno == EINVAL { return offset }
    throw Errno(errno)
  }

  func room(_ directory: Int32) throws(Errno) -> DiskRoom {
    var status = statvfs()
    try check(fstatvfs(directory, &status))
    let bytes = status.f_bavail.multipliedReportingOverflow(by: UInt(status.f_frsize))
    return DiskRoom(
      bytes: bytes.overflow ? .max : Int(clamping: bytes.partialValue),
      files: status.f_files == 0 ? nil : Int(clamping: status.f_favail))
  }

  private static let markName = "user.torrent.part"

  func setMark(_ mark: [UInt8], of descriptor: Int32) throws(Errno) {
    try check(fsetxattr(descriptor, Self.markName, mark, mark.count, 0))
  }

  func mark(of descriptor: Int32) -> [UInt8]? {
    var mark = [UInt8](repeating: 0, count: 64)
    let count = fgetxattr(descriptor, Self.markName, &mark, mark.count)
    return count < 0 ? nil : Array(mark[..<count])
  }

  func close(_ descriptor: Int32) { closing(descriptor) }

  private func check(_ result: Int32) throws(Errno) {
    guard result == 0 else { throw Errno(errno) }
  }

  private func number<N: SignedInteger>(_ result: N) throws(Errno) -> N {
    guard result >= 0 else { throw Errno(errno) }
    return result
  }
}

/// The C library's call, whose name is taken inside the type.
private func closing(_ descriptor: Int32) { _ = close(descriptor) }
