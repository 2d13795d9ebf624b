import Platform

/// Why a run of content could not be read.
struct ContentFailure: Error, Hashable, Sendable {
  enum Reason: Hashable, Sendable {
    /// The call failed.
    case system(call: String, Errno)
    /// The file ends before the content does.
    case ended
  }

  /// Index of the file in the layout.
  let file: Int
  let reason: Reason
}
