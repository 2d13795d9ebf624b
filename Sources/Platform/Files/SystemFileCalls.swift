#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The kernel's own.
package struct SystemFileCalls: FileCalls {
  package init() {}

  package func create(_ path: String, mode: UInt32) throws(Errno) -> Int32 {
    while true {
      let descriptor = path.withSystemPath {
        open($0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode_t(mode))
      }
      if descriptor >= 0 { return descriptor }
      if errno != EINTR { throw .last }
    }
  }

  package func claim(_ descriptor: Int32) -> Bool {
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK { return false }
    // Whoever had it for a moment may have taken it for left over.
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_nlink > 0
  }

  package func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) throws(Errno) -> Int {
    try SystemFile.write(descriptor, bytes)
  }

  package func copyAttributes(of path: String, to descriptor: Int32) throws(Errno) {
    var status = stat()
    guard path.withSystemPath({ fstatat(AT_FDCWD, $0, &status, AT_SYMLINK_NOFOLLOW) }) == 0 else {
      throw .last
    }
    let isOwner = fchown(descriptor, status.st_uid, status.st_gid) == 0
    if !isOwner { _ = fchown(descriptor, uid_t.max, status.st_gid) }
    // What runs with its owner's rights must not run with those of another.
    guard fchmod(descriptor, status.st_mode & (isOwner ? 0o7777 : 0o777)) == 0 else { throw .last }
  }

  package func sync(_ descriptor: Int32) throws(Errno) {
    try SystemFile.sync(descriptor)
  }

  package func close(_ descriptor: Int32) { closing(descriptor) }

  package func link(_ path: String, to new: String) throws(Errno) {
    if linking(path, new) != 0 { throw .last }
  }

  package func rename(_ path: String, to new: String) throws(Errno) {
    if renaming(path, new) != 0 { throw .last }
  }

  package func remove(_ path: String) { _ = path.withSystemPath { unlink($0) } }

  package func syncFolder(_ path: String) {
    let descriptor = path.withSystemPath { open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    closing(descriptor)
  }
}

// The C library's calls whose names are taken inside the type.
private func closing(_ descriptor: Int32) { _ = close(descriptor) }
private func linking(_ path: String, _ new: String) -> Int32 {
  path.withSystemPath { path in new.withSystemPath { link(path, $0) } }
}
private func renaming(_ path: String, _ new: String) -> Int32 {
  path.withSystemPath { path in new.withSystemPath { rename(path, $0) } }
}
