import Text

/// Makes safe paths of what a torrent says and keeps note of what it had to change.
struct PathDecoder {
  /// What was odd about the info dictionary and yet let pass; a bounded number.
  private(set) var warnings: [MetainfoWarning] = []

  /// The path for the raw components, of which `preferred` stands in for those of an unknown encoding.
  ///
  /// - Parameter field: How an error or a warning calls it.
  mutating func path(
    _ raw: [ArraySlice<UInt8>], preferred: [ArraySlice<UInt8>]? = nil, field: @autoclosure () -> String
  ) throws(MetainfoError) -> TorrentPath {
    // Programs that write names in a local encoding often give them in UTF-8 too, under a key of their own.
    let isText = raw.allSatisfy { String(validating: $0, as: UTF8.self) != nil }
    let path = try Self.safe(isText ? raw : preferred ?? raw, field: field())
    if !path.isVerbatim(raw) {
      let from = raw.map { Escaping.replacingInvalid($0) { "\\x" + $0 } }.joined(separator: "/")
      warn(.renamed(field: field(), from: from, to: path.description))
    }
    return path
  }

  mutating func warn(_ warning: @autoclosure () -> MetainfoWarning) {
    if warnings.count < MetainfoWarning.maximumCount { warnings.append(warning()) }
  }

  private static func safe(
    _ raw: [ArraySlice<UInt8>], field: @autoclosure () -> String
  ) throws(MetainfoError) -> TorrentPath {
    do throws(TorrentPath.Refusal) {
      return try TorrentPath(sanitizing: raw)
    } catch {
      switch error {
      case .empty: throw MetainfoError(.malformed, field: field(), "empty")
      case .parentDirectory:
        throw MetainfoError(.unsafe, field: field(), "\"..\" leads out of the torrent's folder")
      case .tooDeep:
        throw MetainfoError(.malformed, field: field(), "more than \(TorrentPath.maximumDepth) levels")
      }
    }
  }
}
