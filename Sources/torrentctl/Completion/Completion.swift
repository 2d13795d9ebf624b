import Metainfo

/// What a shell offers where a value or an operand is to be typed.
enum Completion: Hashable, Sendable {
  /// Free text: nothing can be offered.
  case nothing
  case files
  /// Files of that name ending, and the folders on the way to them.
  case filesEnding(String)
  case folders
  case words([String])

  static let torrents = Completion.filesEnding(".torrent")

  /// What the name of a value in help says about it: `FILE`, `PATH`, `DIR`, `LINT`, or `a|b|c` for one of these words.
  init(value: String) {
    let words = value.split(separator: "|").map(String.init)
    if words.count > 1, words.allSatisfy({ $0 != $0.uppercased() || $0.isEmpty }) {
      self = .words(words)
      return
    }
    switch value {
    case "FILE", "PATH": self = .files
    case "DIR": self = .folders
    case "LINT": self = .words(Lint.allCases.map(\.rawValue))
    default: self = .nothing
    }
  }

  /// What the name of an operand says: commands take a `FILE` for a .torrent.
  init(operand: String) {
    let name = operand.hasSuffix("...") ? String(operand.dropLast(3)) : operand
    let isTorrent = name.split(whereSeparator: { $0 == "|" || $0 == " " }).contains("FILE")
    self = isTorrent ? .torrents : Completion(value: name)
  }
}
