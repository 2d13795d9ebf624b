#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Names of files that are being written, and what becomes of those whose writer was killed.
package enum TemporaryName {
  private static let prefix = ".torrentctl-"
  private static let suffix = ".tmp"

  /// A name that nobody has.
  package static func random() -> String {
    prefix + String(UInt64.random(in: 0 ... .max), radix: 16) + suffix
  }

  /// Removes what killed processes have left in the folder. Whoever still writes holds a lock on the file, which
  /// ends with the process. O(entries of the folder).
  package static func removeStale(in folder: String) {
    for entry in (try? FolderListing(of: folder))?.entries ?? [] where isOwn(entry.name) {
      removeIfStale(DiskPath.joined(folder, entry.name))
    }
  }

  private static func isOwn(_ name: String) -> Bool {
    guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return false }
    let digits = name.dropFirst(prefix.count).dropLast(suffix.count)
    return (1...16).contains(digits.utf8.count) && UInt64(digits, radix: 16) != nil
  }

  private static func removeIfStale(_ path: String) {
    let descriptor = path.withSystemPath { open($0, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) }
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      flock(descriptor, LOCK_EX | LOCK_NB) == 0
    else { return }
    _ = path.withSystemPath { unlink($0) }
  }
}
