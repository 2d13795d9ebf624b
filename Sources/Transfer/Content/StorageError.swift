import Metainfo
import Platform
import Text

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why a torrent's files can't be read or written. Paths are the user's directory and what the torrent names
/// below it.
enum StorageError: Error, Hashable, Sendable {
  /// A call failed.
  case system(call: String, path: String, errno: Int32)
  /// The disk, or the user's share of it, is full: `needed` bytes are still to come, and `free` can be
  /// written.
  case diskFull(path: String, needed: Int, free: Int)
  /// No further file or folder can be made: the file system is out of inodes, while `free` bytes can be written.
  case outOfFiles(path: String, free: Int)
  /// The folder that everything lies in is not at its path any more.
  case rootMissing(path: String)
  /// A file has a name that is about to be written, and is not this torrent's.
  case foreignFile(path: String)
  /// A directory, a pipe or the like has the name of a file.
  case notAFile(path: String)
  /// A symbolic link is in the way: it might lead anywhere.
  case symbolicLink(path: String)
  /// A file ends where it had bytes before.
  case shortened(path: String)
  /// Something else has changed a file.
  case changed(path: String)
  /// Something else writes to a file again and again while it is downloaded.
  case unstable(path: String)
  /// Two of the torrent's files have the same name.
  case sameName(path: String)
  /// Two of the torrent's files are one to the file system.
  case namesCollide(path: String, other: String)
  /// The payload has been closed.
  case closed
}

extension StorageError: CustomStringConvertible {
  /// One line, WHAT: WHY, with every name escaped.
  var description: String {
    switch self {
    case .system(let call, let path, let errno):
      "\(Escaping.escaped(path)): \(Errno(errno).description) (\(call))"
    case .diskFull(let path, let needed, let free):
      "\(Escaping.escaped(path)): disk full: need \(needed) bytes, free \(free) bytes"
    case .outOfFiles(let path, let free):
      "\(Escaping.escaped(path)): the file system has no room for another file: its inodes are used up, and "
        + "\(free) bytes are free"
    case .rootMissing(let path):
      "\(Escaping.escaped(path)): root missing: the folder was moved away, removed or replaced, and what was "
        + "written is not at this path"
    case .foreignFile(let path):
      "\(Escaping.escaped(path)): a file of this name exists and is not this torrent's"
    case .notAFile(let path): "\(Escaping.escaped(path)): not a regular file"
    case .symbolicLink(let path): "\(Escaping.escaped(path)): a symbolic link, which is not followed"
    case .shortened(let path): "\(Escaping.escaped(path)): the file has become shorter"
    case .changed(let path): "\(Escaping.escaped(path)): something else has changed the file"
    case .unstable(let path): "\(Escaping.escaped(path)): something else keeps writing to the file"
    case .sameName(let path): "\(Escaping.escaped(path)): two files of the torrent have this name"
    case .namesCollide(let path, let other):
      "\(Escaping.escaped(path)): the file system takes \(Escaping.escaped(other)) for the same file"
    case .closed: "files: already closed"
    }
  }
}
