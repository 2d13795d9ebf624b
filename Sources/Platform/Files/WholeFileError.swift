/// Why a file was not written.
package struct WholeFileError: Error, Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// The file is there already and was not to be replaced.
    case exists
    /// The file was modified by somebody else meanwhile.
    case changed
    /// The file can't be written.
    case notWritten
  }

  package let kind: Kind
  /// As the user wrote it; may hold any character.
  package let path: String
  /// Fit for a terminal, without a full stop.
  package let reason: String

  init(_ kind: Kind, _ path: String, _ reason: String) {
    self.kind = kind
    self.path = path
    self.reason = reason
  }
}
