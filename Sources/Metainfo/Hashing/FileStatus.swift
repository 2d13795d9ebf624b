import Glibc

/// What the system says of a path, and enough of it to notice later that the file is no longer the same.
struct FileStatus: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case regular, directory, symlink, fifo, socket, device

    /// With its article, for messages.
    var description: String {
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

  let kind: Kind
  /// Bytes.
  let length: Int
  let device: UInt64
  let inode: UInt64
  /// Time of the last change of the content, in nanoseconds since 1970.
  let modified: Int
  /// Permission bits.
  let mode: UInt32

  /// Asks for the path itself, or for what a symbolic link there leads to.
  init(of path: String, followingLinks: Bool) throws(Errno) {
    var raw = stat()
    let flags = followingLinks ? 0 : AT_SYMLINK_NOFOLLOW
    guard fstatat(AT_FDCWD, path, &raw, flags) == 0 else { throw .last }
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
    modified = Int(raw.st_mtim.tv_sec) &* 1_000_000_000 &+ Int(raw.st_mtim.tv_nsec)
    mode = UInt32(raw.st_mode & 0o7777)
  }

  func isSameFile(as other: FileStatus) -> Bool { device == other.device && inode == other.inode }

  /// Whether this is still the file that `earlier` was, untouched.
  func isUnchanged(since earlier: FileStatus) -> Bool {
    isSameFile(as: earlier) && kind == earlier.kind && length == earlier.length
      && modified == earlier.modified
  }
}
