import Bencode
import Text

/// Something odd about a torrent that doesn't keep it from being used.
public enum MetainfoWarning: Hashable, Sendable {
  /// The bytes are not in canonical form.
  case bencode(BencodeWarning)
  /// A field that nothing depends on is not what it should be, and counts as absent.
  case ignored(field: String, reason: String)
  /// A file's path could not be used as it is.
  case renamed(field: String, from: String, to: String)
  /// A symbolic link (BEP 47), which is never created nor followed.
  case symbolicLink(field: String)
  /// So many files of version 2 are without the digests of their pieces.
  case pieceLayers(files: Int)

  /// A torrent reports no more than this many of its own, besides those of its bencoding.
  public static let maximumCount = 100
}

extension MetainfoWarning: CustomStringConvertible {
  /// One line, escaped.
  public var description: String {
    switch self {
    case .bencode(let warning): "\(warning)"
    case .ignored(let field, let reason): "\(field): ignored: \(reason)"
    case .renamed(let field, let from, let to):
      "\(field): \(Escaping.escaped(from)): renamed to \(Escaping.escaped(to))"
    case .symbolicLink(let field): "\(field): symbolic link left out"
    case .pieceLayers(let files):
      "piece layers: missing for \(files == 1 ? "a file" : "\(files) files"): version 2 can tell whole files, not pieces"
    }
  }
}
