/// Finds which file of one torrent is which of another, by path, and by content where the path is new.
struct FileMatching {
  private(set) var differences: [FileDifference] = []
  /// Bytes in both at the same place of the same file, proven by digests.
  private(set) var identical = 0
  /// Bytes of files with the same path of which the digests say nothing.
  private(set) var unknown = 0

  private let comparer: ContentComparer
  private var a: Info { comparer.a }
  private var b: Info { comparer.b }

  /// Candidates that are looked at for one file that may have been renamed: files with a common beginning are few,
  /// but for torrents that are made to keep us busy.
  private static let candidateLimit = 8

  /// O(files + pieces) but for unusual numbers of files that begin alike.
  init(_ comparer: ContentComparer) {
    self.comparer = comparer
    var added: [TorrentPath: Int] = [:]
    added.reserveCapacity(b.files.count)
    for (index, file) in b.files.enumerated() where !file.isPadding { added[file.path] = index }
    var removed: [Int] = []
    for (index, file) in a.files.enumerated() where !file.isPadding {
      if let other = added.removeValue(forKey: file.path) {
        compare(index, other)
      } else {
        removed.append(index)
      }
    }
    pair(removed, added.values.sorted())
  }

  /// Two files of the same path.
  private mutating func compare(_ i: Int, _ j: Int) {
    let (fileA, fileB) = (a.files[i], b.files[j])
    let evidence = comparer.evidence(i, j)
    identical += evidence.identical
    unknown += evidence.unknown
    if fileA.length == fileB.length, evidence.isIdentical { return }
    let isChanged = fileA.length != fileB.length || evidence.isDifferent
    // Where nothing can be compared, it would be said of every file.
    if !isChanged, case .none = comparer.method { return }
    add(isChanged ? .changed : .unknown, i, j, evidence.identical)
  }

  /// Files that are only in one of them.
  private mutating func pair(_ removed: [Int], _ added: [Int]) {
    var candidates: [ContentComparer.Fingerprint: [Int]] = [:]
    // Backwards, so that the first is the last, which is the cheapest to take.
    for index in added.reversed() {
      if let fingerprint = comparer.fingerprint(of: index, in: b) {
        candidates[fingerprint, default: []].append(index)
      }
    }
    var taken: Set<Int> = []
    for index in removed {
      guard let fingerprint = comparer.fingerprint(of: index, in: a),
        let match = takeMatch(of: index, from: &candidates[fingerprint, default: []])
      else {
        add(.removed, index, nil, 0)
        continue
      }
      taken.insert(match.file)
      identical += match.evidence.identical
      add(.renamed, index, match.file, match.evidence.identical)
    }
    for index in added where !taken.contains(index) { add(.added, nil, index, 0) }
  }

  private func takeMatch(
    of file: Int, from candidates: inout [Int]
  ) -> (file: Int, evidence: ContentEvidence)? {
    for position in candidates.indices.reversed().prefix(Self.candidateLimit) {
      let evidence = comparer.evidence(file, candidates[position])
      if evidence.isLikelySame { return (candidates.remove(at: position), evidence) }
    }
    return nil
  }

  private mutating func add(_ change: FileDifference.Change, _ i: Int?, _ j: Int?, _ identical: Int) {
    differences.append(
      FileDifference(
        change: change, before: i.map { a.files[$0].path }, after: j.map { b.files[$0].path },
        lengthBefore: i.map { a.files[$0].length }, lengthAfter: j.map { b.files[$0].length },
        identicalBytes: identical))
  }
}
