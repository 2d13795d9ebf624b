import Text

/// Names that a torrent gives besides those that count, or in bytes that no path can hold: in an older encoding beside
/// `path.utf-8`, or in no known one. Programs that asked for no encoding have put the content on disk under these.
struct OtherNames: Sendable {
  /// Of the torrent itself, as `SystemText` has it.
  var name: String?
  /// The components of files' paths, as `SystemText` has them, by the number of the file.
  var files: [Int: [String]] = [:]

  /// The components as names on disk; `nil` unless each can be one.
  static func onDisk(_ raw: [ArraySlice<UInt8>]) -> [String]? {
    guard !raw.isEmpty, raw.count <= TorrentPath.maximumDepth, raw.allSatisfy(isName) else { return nil }
    return raw.map { SystemText.text($0) }
  }

  private static func isName(_ raw: ArraySlice<UInt8>) -> Bool {
    (1...TorrentPath.maximumComponentLength).contains(raw.count) && !raw.elementsEqual(".".utf8)
      && !raw.elementsEqual("..".utf8) && !raw.contains { $0 == 0 || $0 == UInt8(ascii: "/") }
  }
}
