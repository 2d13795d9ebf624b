#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the system says of a path, and enough of it to notice later that the file is no longer the same.
package struct FileStatus: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case regular, directory, symlink, fifo, socket, device

    /// With its article, for messages.
    package var description: String {
      switch self {
      case .regular: "a file"
      case .directory: "a folder"
      case .symlink: "a symbolic link"
      case .fifo: "a named pipe"
      case .socket: "a socket"
      case .device: "a device"
      }
    }
  }

  package let kind: Kind
  /// Bytes.
  package let length: Int
  package let device: UInt64
  package let inode: UInt64
  /// Time of the last change of the content, in nanoseconds since 1970.
  package let modified: Int
  /// Permission bits.
  package let mode: UInt32

  package init(
    kind: Kind, length: Int, device: UInt64 = 0, inode: UInt64 = 0, modified: Int = 0, mode: UInt32 = 0o644
  ) {
    self.kind = kind
    self.length = length
    self.device = device
    self.inode = inode
    self.modified = modified
    self.mode = mode
  }

  /// Asks for the path itself, or for what a symbolic link there leads to.
  package init(of path: String, followingLinks: Bool) throws(Errno) {
    var raw = stat()
    let flags = followingLinks ? 0 : AT_SYMLINK_NOFOLLOW
    guard fstatat(AT_FDCWD, path, &raw, flags) == 0 else { throw .last }
    self.init(raw)
  }

  /// Asks for an open file.
  package init(of descriptor: Int32) throws(Errno) {
    var raw = stat()
    guard fstat(descriptor, &raw) == 0 else { throw .last }
    self.init(raw)
  }

  private init(_ raw: stat) {
    kind =
      switch raw.st_mode & S_IFMT {
      case S_IFREG: .regular
      case S_IFDIR: .directory
      case S_IFLNK: .symlink
      case S_IFIFO: .fifo
      case S_IFSOCK: .socket
      default: .device
      }
    length = Int(raw.st_size)
    device = UInt64(raw.st_dev)
    inode = UInt64(raw.st_ino)
    #if canImport(Darwin)
      let time = raw.st_mtimespec
    #else
      let time = raw.st_mtim
    #endif
    modified = Int(time.tv_sec) &* 1_000_000_000 &+ Int(time.tv_nsec)
    mode = UInt32(raw.st_mode & 0o7777)
  }

  package func isSameFile(as other: FileStatus) -> Bool { device == other.device && inode == other.inode }

  /// Whether this is still the file that `earlier` was, untouched.
  package func isUnchanged(since earlier: FileStatus) -> Bool {
    isSameFile(as: earlier) && kind == earlier.kind && length == earlier.length
      && modified == earlier.modified
  }
}
