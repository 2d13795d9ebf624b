import Text

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a folder holds, read in one go.
package struct FolderListing {
  package struct Entry: Sendable {
    /// As `SystemText` has it: not every name is UTF-8.
    package let name: String
    /// `nil` when the file system doesn't say, so that the entry itself must be asked.
    package let kind: FileStatus.Kind?
  }

  package private(set) var entries: [Entry] = []

  /// Everything except `.` and `..`, in the system's order. O(entries).
  package init(of folder: String) throws(Errno) {
    guard let directory = folder.withSystemPath({ opendir($0) }) else { throw .last }
    defer { closedir(directory) }
    while true {
      errno = 0
      guard let entry = readdir(directory) else {
        guard errno == 0 else { throw .last }
        return
      }
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { raw in
        SystemText.text(raw.prefix(while: { $0 != 0 }))
      }
      if name == "." || name == ".." { continue }
      entries.append(Entry(name: name, kind: Self.kind(Int(entry.pointee.d_type))))
    }
  }

  private static func kind(_ type: Int) -> FileStatus.Kind? {
    switch type {
    case Int(DT_REG): .regular
    case Int(DT_DIR): .directory
    case Int(DT_LNK): .symlink
    case Int(DT_FIFO): .fifo
    case Int(DT_SOCK): .socket
    case Int(DT_CHR), Int(DT_BLK): .device
    default: nil
    }
  }
}
