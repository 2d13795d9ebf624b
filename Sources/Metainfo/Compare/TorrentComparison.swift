import Bencode

/// What two .torrents have in common and what they have not: keys, files, and the data itself as far as digests
/// tell.
///
///     let comparison = try TorrentComparison(old, new)
///     for difference in comparison.keys where difference.isHashed { print(difference.key) }
public struct TorrentComparison: Sendable {
  public let before: Torrent
  public let after: Torrent
  public let keys: [KeyDifference]
  /// Files that differ: those with a path of both in the order of the first torrent, then what is in one alone.
  public let files: [FileDifference]
  /// Bytes of files, at the same place in both, that digests prove to be equal.
  public let identicalBytes: Int
  /// Bytes of files with the same path of which nothing can be said.
  public let unknownBytes: Int
  /// Why the data can't be compared; `nil` when it can.
  public let obstacle: String?
  /// The values of all keys are the same, and yet the bytes are not: an order of keys or a way of writing numbers
  /// that is not canonical, or bytes behind the end.
  public let differsInFormAlone: Bool

  /// Whether there is no difference at all.
  public var isSame: Bool { keys.isEmpty && !differsInFormAlone }

  /// Reads and compares the bytes of two .torrent files. O(bytes of both), and about what decoding takes of memory.
  public init(
    _ before: [UInt8], _ after: [UInt8], limits: BencodeLimits = BencodeLimits()
  ) throws(MetainfoError) {
    self.init(
      before: try Torrent(decoding: before, limits: limits), before,
      after: try Torrent(decoding: after, limits: limits), after, limits: limits)
  }

  /// The same for torrents that were decoded from these bytes.
  public init(
    before: Torrent, _ bytesBefore: [UInt8], after: Torrent, _ bytesAfter: [UInt8],
    limits: BencodeLimits = BencodeLimits()
  ) {
    self.before = before
    self.after = after
    keys = Self.keys(bytesBefore, bytesAfter, limits)
    differsInFormAlone = keys.isEmpty && bytesBefore != bytesAfter
    if before.infoHashes == after.infoHashes {
      files = []
      identicalBytes = after.info.contentLength
      unknownBytes = 0
      obstacle = nil
      return
    }
    let comparer = ContentComparer(before.info, after.info)
    let matching = FileMatching(comparer)
    files = matching.differences
    identicalBytes = matching.identical
    unknownBytes = matching.unknown
    if case .none(let reason) = comparer.method { obstacle = reason } else { obstacle = nil }
  }

  private static func keys(_ a: [UInt8], _ b: [UInt8], _ limits: BencodeLimits) -> [KeyDifference] {
    guard a != b, let a = try? BencodeDocument(a, limits: limits),
      let b = try? BencodeDocument(b, limits: limits)
    else { return [] }
    return KeyDifference.all(a.root, b.root)
  }
}
