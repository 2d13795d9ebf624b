import Text

/// A file that appears whole or not at all: written under another name in the same folder, made durable, and
/// only then given its own name.
///
/// Make one before the work whose result it is to hold: `init` finds out whether the file can be written at
/// all. It leaves nothing behind, neither does a `write` that fails. What a process leaves that is killed while it
/// writes, the next `WholeFile` in the folder removes.
package struct WholeFile: Sendable {
  /// As the user wrote it.
  package let path: String
  /// Where the file really goes: `path`, or what a symbolic link there leads to.
  package let target: String
  private let overwrites: Bool
  /// What is to be replaced.
  private let replaced: FileStatus?
  private let calls: any FileCalls

  /// The folder that the file is in.
  package var folder: String { DiskPath.folder(of: target) }
  package var name: String { DiskPath.name(of: target) }

  /// Whether writing replaces the file of which this is the status.
  package func isReplacement(of other: FileStatus) -> Bool { replaced?.isSameFile(as: other) ?? false }

  /// Throws `exists` when there is a file already and `overwrites` is false, and `notWritten` when something other
  /// than a file is there or the folder can't be written to.
  package init(_ path: String, overwrites: Bool) throws(WholeFileError) {
    try self.init(path, overwrites: overwrites, calls: SystemFileCalls())
  }

  package init(_ path: String, overwrites: Bool, calls: any FileCalls) throws(WholeFileError) {
    guard !path.isEmpty, !path.hasSuffix("/") else {
      throw WholeFileError(
        .notWritten, path, path.isEmpty ? "an empty path" : "the name of a folder, not of a file")
    }
    self.path = path
    self.overwrites = overwrites
    self.calls = calls
    (target, replaced) = try Self.target(of: path)
    if let replaced {
      guard replaced.kind == .regular else {
        throw WholeFileError(.notWritten, path, "is \(replaced.kind.description), not a file")
      }
      guard overwrites else { throw WholeFileError(.exists, path, "already exists") }
    }
    TemporaryName.removeStale(in: folder)
    let temporary = try createTemporary()
    calls.remove(temporary.path)
    calls.close(temporary.descriptor)
  }

  private static func target(of path: String) throws(WholeFileError) -> (String, FileStatus?) {
    do {
      let status = try FileStatus(of: path, followingLinks: false)
      guard status.kind == .symlink else { return (path, status) }
      let target = try DiskPath.resolved(path)
      return (target, try FileStatus(of: target, followingLinks: false))
    } catch {
      if error == .noEntry, (try? FileStatus(of: path, followingLinks: false)) == nil {
        return (path, nil)
      }
      throw WholeFileError(.notWritten, path, error.description)
    }
  }

  /// Writes the file; one that is replaced gives it its permissions and owner. O(bytes).
  package func write(_ bytes: [UInt8]) throws(WholeFileError) { try write(bytes, ifStill: nil) }

  /// As above, but throws `changed` instead of replacing a file that is no longer the one with this status.
  package func write(_ bytes: [UInt8], ifStill status: FileStatus?) throws(WholeFileError) {
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
      throw WholeFileError(.notWritten, path, error.description)
    }
    if let status, (try? FileStatus(of: target, followingLinks: false))?.isUnchanged(since: status) != true {
      calls.remove(temporary.path)
      throw WholeFileError(.changed, path, "was changed by somebody else meanwhile")
    }
    do throws(Errno) { try place(temporary.path) } catch {
      calls.remove(temporary.path)
      let kind: WholeFileError.Kind = error == .exists && !overwrites ? .exists : .notWritten
      throw WholeFileError(kind, path, kind == .exists ? "already exists" : error.description)
    }
    calls.syncFolder(folder)
  }

  private func createTemporary() throws(WholeFileError) -> (path: String, descriptor: Int32) {
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
        switch error {
        case .exists: continue
        case .noEntry:
          throw WholeFileError(
            .notWritten, self.path, "the folder '\(Escaping.escaped(folder))' does not exist")
        default: throw WholeFileError(.notWritten, self.path, error.description)
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
      guard [.notPermitted, .notSupported, .tooManyLinks].contains(error), !SystemFile.exists(target) else {
        throw error
      }
      try calls.rename(temporary, to: target)
    }
  }
}
