import Text

/// Why a .torrent was not made or not written.
public struct AuthorError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public enum Kind: Hashable, Sendable {
    /// What was asked for is not possible: a name, or a piece length. A mistake in the call.
    case option
    /// The content can't be shared: missing, unreadable, empty, not a file.
    case content
    /// The content was modified during the work, so that the digests would fit neither before nor after.
    case changed
    /// The file to be written is there already and was not to be replaced.
    case exists
    /// The file to be written can't be.
    case output
  }

  public let kind: Kind
  /// A path or a name, as it is; may hold any character.
  public let subject: String
  /// Fit for a terminal, without a full stop.
  public let reason: String

  init(_ kind: Kind, _ subject: String, _ reason: String) {
    self.kind = kind
    self.subject = subject
    self.reason = reason
  }

  /// One line, `WHAT: WHY`, fit for a terminal.
  public var description: String { "\(Escaping.escaped(subject)): \(reason)" }
}
