import Glibc
import Platform
import Text

/// A file that appears whole or not at all: written under another name in the same folder, made durable, and
/// only then given its own name.
///
/// Make one before the work whose result it is to hold: `init` finds out whether the file can be written at
/// all. It leaves nothing behind, neither does a `write` that fails. What a process leaves that is killed while it
/// writes, the next `AtomicFile` in the folder removes.
public struct AtomicFile: Sendable {
  /// As the user wrote it.
  public let path: String
  /// Where the file really goes: `path`, or what a symbolic link there leads to.
  let target: String
  private let overwrites: Bool
  /// What is to be replaced.
  private let replaced: FileStatus?
  private let calls: any FileCalls

  /// The folder that the file is in.
  var folder: String { DiskPath.folder(of: target) }
  var name: String { DiskPath.name(of: target) }

  /// Whether writing replaces the file of which this is the status.
  func isReplacement(of other: FileStatus) -> Bool { replaced?.isSameFile(as: other) ?? false }

  /// Throws `exists` when there is a file already and `overwrites` is false, and `output` when something other
  /// than a file is there or the folder can't be written to.
  public init(_ path: String, overwrites: Bool) throws(AuthorError) {
    try self.init(path, overwrites: overwrites, calls: SystemFileCalls())
  }

  init(_ path: String, overwrites: Bool, calls: any FileCalls) throws(AuthorError) {
    guard !path.isEmpty, !path.hasSuffix("/") else {
      throw AuthorError(.output, path, path.isEmpty ? "an empty path" : "the name of a folder, not of a file")
    }
    self.path = path
    self.overwrites = overwrites
    self.calls = calls
    (target, replaced) = try Self.target(of: path)
    if let replaced {
      guard replaced.kind == .regular else {
        throw AuthorError(.output, path, "is \(replaced.kind.description), not a file")
      }
      guard overwrites else { throw AuthorError(.exists, path, "already exists") }
    }
    TemporaryName.removeStale(in: folder)
    let temporary = try createTemporary()
    calls.remove(temporary.path)
    calls.close(temporary.descriptor)
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

  /// Writes the file; one that is replaced gives it its permissions and owner. O(bytes).
  public func write(_ bytes: [UInt8]) throws(AuthorError) { try write(bytes, ifStill: nil) }

  /// As above, but throws `changed` instead of replacing a file that is no longer the one with this status.
  func write(_ bytes: [UInt8], ifStill status: FileStatus?) throws(AuthorError) {
    let temporary = try createTemporary()
    // The lock on the file goes with the descriptor, and so closing comes last.
    defer { calls.close(temporary.descriptor) }
    do throws(Errno) {
      var rest = bytes[...]
      while !rest.isEmpty { rest = rest.dropFirst(try calls.write(rest, to: temporary.descriptor)) }
      if replaced != nil { try calls.copyAttributes(of: target, to: temporary.descriptor) }
      try calls.sync(temporary.descriptor)
    } catch {
      calls.remove(temporary.path)
      throw AuthorError(.output, path, error.description)
    }
    if let status, (try? FileStatus(of: target, followingLinks: false))?.isUnchanged(since: status) != true {
      calls.remove(temporary.path)
      throw AuthorError(.changed, path, "was changed by somebody else meanwhile")
    }
    do throws(Errno) { try place(temporary.path) } catch {
      calls.remove(temporary.path)
      let kind: AuthorError.Kind = error.code == EEXIST && !overwrites ? .exists : .output
      throw AuthorError(kind, path, kind == .exists ? "already exists" : error.description)
    }
    calls.syncFolder(folder)
  }

  private func createTemporary() throws(AuthorError) -> (path: String, descriptor: Int32) {
    // What is in a file that not everybody may read must not be readable in the meantime either.
    let mode: UInt32 = replaced == nil ? 0o666 : 0o600
    var attempts = 0
    while true {
      attempts += 1
      let path = DiskPath.joined(folder, TemporaryName.random())
      do throws(Errno) {
        let descriptor = try calls.create(path, mode: mode)
        // A file system that can't tell whose a file is does not keep one from being written.
        if calls.claim(descriptor) || attempts == 10 { return (path, descriptor) }
        calls.close(descriptor)
      } catch {
        switch error.code {
        case EEXIST: continue
        case ENOENT:
          throw AuthorError(.output, self.path, "the folder '\(Escaping.escaped(folder))' does not exist")
        default: throw AuthorError(.output, self.path, error.description)
        }
      }
    }
  }

  /// Gives the finished file its name.
  private func place(_ temporary: String) throws(Errno) {
    if overwrites { return try calls.rename(temporary, to: target) }
    // A file that has come to be there since `init` looked is not replaced: unlike `rename`, `link` fails then.
    do throws(Errno) {
      try calls.link(temporary, to: target)
      calls.remove(temporary)
    } catch {
      // FAT and its like have no links.
      guard [EPERM, EOPNOTSUPP, EMLINK].contains(error.code), access(target, F_OK) != 0 else { throw error }
      try calls.rename(temporary, to: target)
    }
  }
}
