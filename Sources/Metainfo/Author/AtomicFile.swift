import Glibc

/// A file that appears whole or not at all: written under another name in the same folder, made durable, and
/// only then given its own name.
///
/// Make one before the work whose result it is to hold: `init` finds out whether the file can be written at
/// all. It leaves nothing behind, neither does a `write` that fails.
public struct AtomicFile: Sendable {
  /// As the user wrote it.
  public let path: String
  /// Where the file really goes: `path`, or what a symbolic link there leads to.
  let target: String
  private let overwrites: Bool
  /// What is to be replaced.
  private let replaced: FileStatus?

  /// The folder that the file is in.
  var folder: String { DiskPath.folder(of: target) }
  var name: String { DiskPath.name(of: target) }

  /// Whether writing replaces the file of which this is the status.
  func isReplacement(of other: FileStatus) -> Bool { replaced?.isSameFile(as: other) ?? false }

  /// Throws `exists` when there is a file already and `overwrites` is false, and `output` when something other
  /// than a file is there or the folder can't be written to.
  public init(_ path: String, overwrites: Bool) throws(AuthorError) {
    guard !path.isEmpty, !path.hasSuffix("/") else {
      throw AuthorError(.output, path, path.isEmpty ? "an empty path" : "the name of a folder, not of a file")
    }
    self.path = path
    self.overwrites = overwrites
    (target, replaced) = try Self.target(of: path)
    if let replaced {
      guard replaced.kind == .regular else {
        throw AuthorError(.output, path, "is \(replaced.kind.description), not a file")
      }
      guard overwrites else { throw AuthorError(.exists, path, "already exists") }
    }
    let temporary = try createTemporary()
    close(temporary.descriptor)
    unlink(temporary.path)
  }

  private static func target(of path: String) throws(AuthorError) -> (String, FileStatus?) {
    do {
      let status = try FileStatus(of: path, followingLinks: false)
      guard status.kind == .symlink else { return (path, status) }
      let target = try DiskPath.resolved(path)
      return (target, try FileStatus(of: target, followingLinks: false))
    } catch {
      if error.code == ENOENT, (try? FileStatus(of: path, followingLinks: false)) == nil {
        return (path, nil)
      }
      throw AuthorError(.output, path, error.description)
    }
  }

  /// Writes the file. O(bytes).
  public func write(_ bytes: [UInt8]) throws(AuthorError) {
    let temporary = try createTemporary()
    do throws(Errno) {
      defer { close(temporary.descriptor) }
      try Self.write(bytes, to: temporary.descriptor)
      if let replaced, fchmod(temporary.descriptor, mode_t(replaced.mode)) != 0 { throw Errno.last }
      if fsync(temporary.descriptor) != 0 { throw Errno.last }
      try place(temporary.path)
    } catch {
      unlink(temporary.path)
      let kind: AuthorError.Kind = error.code == EEXIST && !overwrites ? .exists : .output
      throw AuthorError(kind, path, kind == .exists ? "already exists" : error.description)
    }
    syncFolder()
  }

  private func createTemporary() throws(AuthorError) -> (path: String, descriptor: Int32) {
    while true {
      let name = ".torrentctl-\(String(UInt64.random(in: 0 ... .max), radix: 16)).tmp"
      let path = DiskPath.joined(folder, name)
      let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
      if descriptor >= 0 { return (path, descriptor) }
      switch errno {
      case EINTR, EEXIST: continue
      case ENOENT:
        throw AuthorError(.output, self.path, "the folder '\(Escaping.escaped(folder))' does not exist")
      default: throw AuthorError(.output, self.path, Errno.last.description)
      }
    }
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) throws(Errno) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { raw in
        let rest = UnsafeRawBufferPointer(rebasing: raw[written...])
        return Glibc.write(descriptor, rest.baseAddress, rest.count)
      }
      if count >= 0 {
        written += count
      } else if errno != EINTR {
        throw .last
      }
    }
  }

  /// Gives the finished file its name.
  private func place(_ temporary: String) throws(Errno) {
    if overwrites {
      guard rename(temporary, target) == 0 else { throw .last }
      return
    }
    // A file that has come to be there since `init` looked is not replaced: unlike `rename`, `link` fails then.
    if link(temporary, target) == 0 {
      unlink(temporary)
      return
    }
    let failure = Errno.last
    // FAT and its like have no links.
    guard [EPERM, EOPNOTSUPP, EMLINK].contains(failure.code), access(target, F_OK) != 0 else { throw failure }
    guard rename(temporary, target) == 0 else { throw .last }
  }

  /// Makes the new name durable. Some file systems can't, which is no reason to take the file back.
  private func syncFolder() {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
