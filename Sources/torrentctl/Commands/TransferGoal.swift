/// When a transfer is at its end by itself.
enum TransferGoal: Sendable {
  /// When all is here, or, if it `seeds`, never; in vain after `timeout` seconds without progress.
  case complete(seeds: Bool, timeout: Double?)
  /// When so many times the content was given away, or after so many seconds in which nothing was.
  case seed(untilRatio: Double?, untilIdle: Double?)

  /// How many times the content is to be given away; `nil` for no end.
  var ratio: Double? {
    if case .seed(let ratio, _) = self { ratio } else { nil }
  }
}

/// One torrent of a transfer as the command line knows it.
struct TransferItem: Sendable {
  /// The torrent's name, not escaped.
  let name: String
  /// Where its content is or goes, as shown to the user.
  let place: String
  /// The .torrent, as the user wrote it.
  let file: String
  /// Bytes and pieces of the content.
  let total: Int
  let pieceCount: Int
  /// Some of the files are wanted, and not all.
  var isSelection = false
}
