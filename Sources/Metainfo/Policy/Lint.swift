/// Something about a torrent that is allowed and yet seldom what its maker wants. Each has a name by which it can
/// be silenced (the raw value), a sentence and a severity.
public enum Lint: String, Hashable, Sendable, CaseIterable {
  case tooManyPieces = "too-many-pieces"
  case torrentTooLarge = "torrent-too-large"

  case privateWithoutTracker = "private-without-tracker"
  case privateWithNodes = "private-with-nodes"
  case noTracker = "no-tracker"
  case trackerURL = "tracker-url"
  case trackerPassword = "tracker-password"
  case websocketTracker = "websocket-tracker"
  case duplicateTracker = "duplicate-tracker"
  case webSeedURL = "web-seed-url"

  case unevenPieceLength = "uneven-piece-length"
  case smallPieceLength = "small-piece-length"
  case largePieceLength = "large-piece-length"
  case emptyContent = "empty-content"
  case muchPadding = "much-padding"

  case caseCollision = "case-collision"
  case normalizationCollision = "normalization-collision"
  case windowsName = "windows-name"
  case absoluteName = "absolute-name"
  case controlCharacter = "control-character"
  case bidiCharacter = "bidi-character"
  case invisibleCharacter = "invisible-character"
  case longName = "long-name"
  case longPath = "long-path"
  case hiddenFile = "hidden-file"
  case junkFile = "junk-file"

  /// How much it matters.
  public enum Severity: String, Hashable, Sendable, CaseIterable {
    /// Such a torrent is not made unless the lint is allowed.
    case error
    /// Somebody will have trouble.
    case warning
    /// Worth knowing.
    case note
  }

  public var severity: Severity {
    switch self {
    case .tooManyPieces, .torrentTooLarge: .error
    case .noTracker, .websocketTracker, .duplicateTracker, .muchPadding, .hiddenFile, .junkFile: .note
    default: .warning
    }
  }

  /// What is wrong with it, for whoever asks what the name means.
  public var sentence: String {
    switch self {
    case .tooManyPieces:
      "There are \(LintSubject.refusedPieceCount) pieces or more, which clients refuse to load."
    case .torrentTooLarge:
      "The .torrent is larger than \(LintSubject.torrentLengthLimit) bytes, which clients refuse to load."
    case .privateWithoutTracker:
      "It is private, so that peers come from trackers alone, and it has no tracker."
    case .privateWithNodes: "It is private, so that nobody will ask its DHT nodes."
    case .noTracker: "It has neither tracker nor DHT node, so that peers must be found by other means."
    case .trackerURL: "A tracker's URL can't be used."
    case .trackerPassword: "A URL holds a user's name or password, which everybody gets to read."
    case .websocketTracker: "A tracker is for browsers (WebTorrent) alone."
    case .duplicateTracker: "A tracker is listed more than once."
    case .webSeedURL: "A web seed's URL can't be used."
    case .unevenPieceLength: "The piece length is not a power of two, which clients may refuse."
    case .smallPieceLength:
      "The pieces are small for so much content: the .torrent is large and slow to load."
    case .largePieceLength: "The pieces are so large that clients may refuse them."
    case .emptyContent: "There is not a single byte to share."
    case .muchPadding: "A good part of the content is padding."
    case .caseCollision: "Two names are one where upper and lower case are the same, as on Windows and macOS."
    case .normalizationCollision:
      "Two names look the same and differ only in how Unicode composes their letters."
    case .windowsName: "Windows refuses such a name."
    case .absoluteName: "The name looks like an absolute path."
    case .controlCharacter: "A name has a control character."
    case .bidiCharacter:
      "A name has a character that turns the direction of reading and can hide its extension."
    case .invisibleCharacter: "A name has a character that can't be seen."
    case .longName: "A name is so long that one with an extension added no longer fits a file system."
    case .longPath: "A path is longer than many systems and programs take."
    case .hiddenFile: "A file or folder is hidden."
    case .junkFile: "A file was left behind by a system for itself."
    }
  }
}
