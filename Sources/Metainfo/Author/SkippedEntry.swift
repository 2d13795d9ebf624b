import Text

/// A file or folder below the shared one that does not become part of the torrent.
public struct SkippedEntry: Hashable, Sendable, CustomStringConvertible {
  /// On this machine, as it is; may hold any character.
  public let path: String
  /// Such as "hidden" or "a symbolic link".
  public let reason: String

  /// One line, fit for a terminal.
  public var description: String { "\(Escaping.escaped(path)): skipped: \(reason)" }
}
