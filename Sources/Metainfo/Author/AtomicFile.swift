import Platform

/// A file that appears whole or not at all: written under another name in the same folder, made durable, and
/// only then given its own name.
///
/// Make one before the work whose result it is to hold: `init` finds out whether the file can be written at
/// all. It leaves nothing behind, neither does a `write` that fails. What a process leaves that is killed while it
/// writes, the next `AtomicFile` in the folder removes.
public struct AtomicFile: Sendable {
  /// As the user wrote it.
  public var path: String { file.path }
  private let file: WholeFile

  /// The folder that the file is in.
  var folder: String { file.folder }
  var name: String { file.name }

  /// Whether writing replaces the file of which this is the status.
  func isReplacement(of other: FileStatus) -> Bool { file.isReplacement(of: other) }

  /// Throws `exists` when there is a file already and `overwrites` is false, and `output` when something other
  /// than a file is there or the folder can't be written to.
  public init(_ path: String, overwrites: Bool) throws(AuthorError) {
    do throws(WholeFileError) { file = try WholeFile(path, overwrites: overwrites) } catch {
      throw AuthorError(error)
    }
  }

  /// Writes the file; one that is replaced gives it its permissions and owner. O(bytes).
  public func write(_ bytes: [UInt8]) throws(AuthorError) { try write(bytes, ifStill: nil) }

  /// As above, but throws `changed` instead of replacing a file that is no longer the one with this status.
  func write(_ bytes: [UInt8], ifStill status: FileStatus?) throws(AuthorError) {
    do throws(WholeFileError) { try file.write(bytes, ifStill: status) } catch { throw AuthorError(error) }
  }
}

extension AuthorError {
  fileprivate init(_ error: WholeFileError) {
    let kind: Kind =
      switch error.kind {
      case .exists: .exists
      case .changed: .changed
      case .notWritten: .output
      }
    self.init(kind, error.path, error.reason)
  }
}
