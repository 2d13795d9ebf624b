#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Which file or folder something is, whatever it is called.
package struct FileIdentity: Hashable, Sendable {
  package let device: UInt64
  package let inode: UInt64

  package init(device: UInt64, inode: UInt64) {
    self.device = device
    self.inode = inode
  }
}

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
  /// Bytes on the disk: less than `length` where the file has holes.
  package let allocated: Int
  package let device: UInt64
  package let inode: UInt64
  /// Time of the last change of the content, in nanoseconds since 1970.
  package let modified: Int
  /// Time of the last change of anything about the file, in nanoseconds since 1970.
  package let changed: Int
  /// Permission bits.
  package let mode: UInt32

  package init(
    kind: Kind, length: Int, allocated: Int? = nil, device: UInt64 = 0, inode: UInt64 = 0, modified: Int = 0,
    changed: Int = 0, mode: UInt32 = 0o644
  ) {
    self.kind = kind
    self.length = length
    self.allocated = allocated ?? length
    self.device = device
    self.inode = inode
    self.modified = modified
    self.changed = changed
    self.mode = mode
  }

  /// Asks for the path itself, or for what a symbolic link there leads to.
  package init(of path: String, followingLinks: Bool) throws(Errno) {
    var raw = stat()
    let flags = followingLinks ? 0 : AT_SYMLINK_NOFOLLOW
    guard path.withSystemPath({ fstatat(AT_FDCWD, $0, &raw, flags) }) == 0 else { throw .last }
    self.init(raw)
  }

  /// Asks for an entry of an open folder; a symbolic link is that, and not what it leads to.
  package init(of name: String, in directory: Int32) throws(Errno) {
    var raw = stat()
    guard name.withSystemPath({ fstatat(directory, $0, &raw, AT_SYMLINK_NOFOLLOW) }) == 0 else { throw .last }
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
    allocated = Int(raw.st_blocks) &* 512
    #if canImport(Darwin)
      modified = Self.nanoseconds(raw.st_mtimespec)
      changed = Self.nanoseconds(raw.st_ctimespec)
    #else
      modified = Self.nanoseconds(raw.st_mtim)
      changed = Self.nanoseconds(raw.st_ctim)
    #endif
    mode = UInt32(raw.st_mode & 0o7777)
  }

  private static func nanoseconds(_ time: timespec) -> Int {
    Int(time.tv_sec) &* 1_000_000_000 &+ Int(time.tv_nsec)
  }

  package var identity: FileIdentity { FileIdentity(device: device, inode: inode) }

  package func isSameFile(as other: FileStatus) -> Bool { device == other.device && inode == other.inode }

  /// Whether this is still the file that `earlier` was, untouched.
  package func isUnchanged(since earlier: FileStatus) -> Bool {
    isSameFile(as: earlier) && kind == earlier.kind && length == earlier.length
      && modified == earlier.modified
  }
}
