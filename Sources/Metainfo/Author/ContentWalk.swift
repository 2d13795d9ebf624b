import Glibc

/// Finds the files of what is to be shared, in canonical order: by the bytes of their path's components, so that
/// the same tree gives the same torrent on any machine.
///
/// - Symbolic links below the root are left out, hidden files and junk too (`ContentFilter`), and so is the
///   file that is about to be written. Each is reported.
/// - Pipes, sockets, devices, folders and files that can't be read, and names that a torrent can't hold are
///   errors: leaving them out silently would share less than was asked for.
struct ContentWalk {
  struct File: Sendable {
    /// Below the root; empty when the root itself is the file.
    let components: [String]
    /// On this machine.
    let path: String
    let status: FileStatus
  }

  private(set) var files: [File] = []
  private(set) var skipped: [SkippedEntry] = []

  private let filter: ContentFilter
  private let output: Output?

  /// The name that is about to be written, and the folder it is in.
  private struct Output {
    let folder: FileStatus
    let file: AtomicFile
  }

  /// Walks all of `root`, which is a file or a folder. O(entries), and O(n log n) for n entries of one folder.
  init(root: String, filter: ContentFilter, output: AtomicFile?) throws(AuthorError) {
    self.filter = filter
    if let output, let folder = try? FileStatus(of: output.folder, followingLinks: true) {
      self.output = Output(folder: folder, file: output)
    } else {
      self.output = nil
    }
    // Depth first; children are pushed in reverse, so that they come off in order.
    var stack: [(components: [String], path: String)] = [([], root)]
    while let (components, path) = stack.popLast() {
      let status: FileStatus
      do { status = try FileStatus(of: path, followingLinks: false) } catch {
        throw AuthorError(.content, path, error.description)
      }
      switch status.kind {
      case .directory:
        for name in try names(in: path, status).reversed() {
          stack.append((components + [name], DiskPath.joined(path, name)))
        }
      case .regular:
        try add(File(components: components, path: path, status: status))
      case .symlink:
        skipped.append(SkippedEntry(path: path, reason: "a symbolic link"))
      case .fifo, .socket, .device:
        throw AuthorError(.content, path, "is \(status.kind.description), which can't be shared")
      }
    }
  }

  private mutating func add(_ file: File) throws(AuthorError) {
    if !file.components.isEmpty, TorrentPath(file.components) == nil {
      throw AuthorError(.content, file.path, "a torrent can't hold this path")
    }
    do { _ = try SystemDisk().open(file.path) } catch {
      throw AuthorError(.content, file.path, error.description)
    }
    files.append(file)
  }

  /// What the folder holds and the filter takes, in order.
  private mutating func names(in path: String, _ folder: FileStatus) throws(AuthorError) -> [String] {
    let all: [String]
    do { all = try Self.entries(of: path) } catch {
      throw AuthorError(
        .content, path, error.code == EILSEQ ? "holds a name that is not UTF-8" : error.description)
    }
    var taken: [String] = []
    for name in all.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      if let output, output.folder.isSameFile(as: folder), output.file.name == name {
        // Replacing a .torrent is what was asked for; a file of any other kind is content.
        guard name.hasSuffix(".torrent") else {
          throw AuthorError(.output, output.file.path, "would overwrite a file of the content")
        }
        skipped.append(SkippedEntry(path: DiskPath.joined(path, name), reason: "the file to be written"))
      } else if let reason = filter.reasonToSkip(name) {
        skipped.append(SkippedEntry(path: DiskPath.joined(path, name), reason: reason))
      } else {
        taken.append(name)
      }
    }
    return taken
  }

  /// All names in a folder, in the system's order, except for `.` and `..`. EILSEQ when one is not UTF-8.
  private static func entries(of path: String) throws(Errno) -> [String] {
    guard let directory = opendir(path) else { throw .last }
    defer { closedir(directory) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(directory) else {
        guard errno == 0 else { throw .last }
        return names
      }
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { raw in
        String(validating: raw.prefix(while: { $0 != 0 }), as: UTF8.self)
      }
      guard let name else { throw Errno(EILSEQ) }
      if name != ".", name != ".." { names.append(name) }
    }
  }
}
