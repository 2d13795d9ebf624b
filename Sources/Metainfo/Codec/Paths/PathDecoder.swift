import Text

/// Makes safe paths of what a torrent says and keeps note of what it had to change.
struct PathDecoder {
  /// What was odd about the info dictionary and yet let pass; a bounded number.
  private(set) var warnings: [MetainfoWarning] = []

  /// A path that a torrent may give twice.
  struct Raw {
    /// Under the key that everybody writes, in whatever encoding.
    let own: [ArraySlice<UInt8>]?
    /// Under the same key with `.utf-8` behind it: programs that write names in a local encoding, or in what is left of
    /// it in ASCII, often give them in UTF-8 too.
    let twin: [ArraySlice<UInt8>]?
    /// How an error or a warning calls it.
    let field: String

    /// The twin counts wherever it can be used: libtorrent, Transmission and aria2 name the files on disk by it.
    fileprivate var counting: [ArraySlice<UInt8>]? {
      guard let twin, !twin.isEmpty, twin.allSatisfy({ String(validating: $0, as: UTF8.self) != nil }) else {
        return own
      }
      return twin
    }

    /// What a program that heeds no encoding calls it on disk, if that is not the path.
    func other(than path: TorrentPath) -> [String]? {
      guard let own, !path.isVerbatim(own) else { return nil }
      return OtherNames.onDisk(own)
    }
  }

  /// The path of a file; `nil` when the torrent gives none.
  mutating func path(_ raw: Raw) throws(MetainfoError) -> TorrentPath? {
    guard let counting = raw.counting else { return nil }
    return try path(counting, raw.field) { () throws(TorrentPath.Refusal) in
      try TorrentPath(sanitizing: counting)
    }
  }

  /// The path of a file in the `file tree` of version 2, which is in UTF-8.
  mutating func path(_ raw: [ArraySlice<UInt8>], field: String) throws(MetainfoError) -> TorrentPath {
    try path(raw, field) { () throws(TorrentPath.Refusal) in try TorrentPath(sanitizing: raw) }
  }

  /// The torrent's name, of one component; `nil` when it gives none.
  mutating func name(_ raw: Raw) throws(MetainfoError) -> TorrentPath? {
    var counting = raw.counting
    if let name = counting?.first, (try? TorrentPath(sanitizingName: name)) == nil {
      counting = raw.own ?? counting
    }
    guard let counting, let name = counting.first else { return nil }
    return try path(counting, raw.field) { () throws(TorrentPath.Refusal) in
      try TorrentPath(sanitizingName: name)
    }
  }

  mutating func warn(_ warning: @autoclosure () -> MetainfoWarning) {
    if warnings.count < MetainfoWarning.maximumCount { warnings.append(warning()) }
  }

  private mutating func path(
    _ raw: [ArraySlice<UInt8>], _ field: String, made: () throws(TorrentPath.Refusal) -> TorrentPath
  ) throws(MetainfoError) -> TorrentPath {
    let path: TorrentPath
    do throws(TorrentPath.Refusal) { path = try made() } catch {
      switch error {
      case .empty: throw MetainfoError(.malformed, field: field, "names nothing")
      case .tooDeep:
        throw MetainfoError(.malformed, field: field, "more than \(TorrentPath.maximumDepth) levels")
      }
    }
    if !path.isVerbatim(raw) {
      let from = raw.map { Escaping.replacingInvalid($0) { "\\x" + $0 } }.joined(separator: "/")
      warn(.renamed(field: field, from: from, to: path.description))
    }
    return path
  }
}
