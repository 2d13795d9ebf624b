/// Tells by the pieces that files share which of the candidates for small files are the right ones (BEP 3).
///
/// When a combination of candidates gives a piece its digest, each of them has the right bytes in that piece; another
/// candidate for one of them is right there if its bytes are the same. So pieces narrow down the candidates of a file
/// one after the other, and never have to be looked at together.
struct SharedPieceSearch<Disk: ContentDisk> {
  private let check: PieceCheck<Disk>
  private let findings: VerifyFindings
  private let paths: ContentPaths
  private let wanted: Set<Int>
  private let candidates: (Int) -> [String]
  /// Files that were found by their own pieces.
  private let moved: Set<Int>
  private var remaining = Self.maximumHashed.total
  /// Paths that are still possible, of files that some piece spoke for.
  private var narrowed: [Int: [String]] = [:]
  private(set) var good: [PieceIndex] = []

  /// Paths that are tried of each file.
  static var maximumCandidates: Int { 16 }
  /// Bytes of candidates that are held at a time, besides the likeliest of each file.
  static var maximumHeld: Int { 64 << 20 }
  /// Bytes that are hashed in search of the right combination, of one piece and of all, besides the likeliest of each.
  static var maximumHashed: (piece: Int, total: Int) { (64 << 20, 4 << 30) }

  private var info: Info { check.info }

  /// - Parameter candidates: Paths of files elsewhere of the right length, the likeliest first.
  init(
    _ check: PieceCheck<Disk>, _ findings: VerifyFindings, _ paths: ContentPaths, wanted: Set<Int>,
    candidates: @escaping (Int) -> [String]
  ) {
    self.check = check
    self.findings = findings
    self.paths = paths
    self.wanted = wanted
    self.candidates = candidates
    moved = Set(findings.foundAt.keys)
  }

  /// Files that were found in another place than before. O(files).
  var found: [Int: String] {
    var found: [Int: String] = [:]
    for (file, possible) in narrowed {
      if let path = possible.first, !path.utf8.elementsEqual(paths[file].utf8) { found[file] = path }
    }
    return found
  }

  /// Tries each shared piece that a file that is looked for has a part in, in order.
  mutating func run() {
    var last = -1
    for file in wanted.sorted() {
      for piece in info.geometry.pieces(touching: info.files[file].range)
      where piece > last && findings.isShared(piece) && findings.pieces[piece] != .good {
        last = piece
        solve(PieceIndex(unchecked: piece))
      }
    }
  }

  /// The bytes that a file may have in a piece, with the paths at which they are.
  private struct Choice {
    let bytes: [UInt8]
    var paths: [String]
  }

  private mutating func solve(_ piece: PieceIndex) {
    let start = info.geometry.offset(of: piece)
    let spans = info.layout.spans(of: start..<start + info.geometry.length(of: piece))
    // What has one path only is read with all the others, in parallel.
    guard spans.contains(where: { isOpen($0.file) }) else { return }
    let expected = info.hash(of: piece)
    if let likeliest = choices(for: spans, atMost: 1) {
      var budget = Int.max
      if Self.combination(likeliest, expected, &budget) != nil {
        good.append(piece)
        for (span, choice) in zip(spans, likeliest) where isOpen(span.file) {
          // The next piece may need another one of those that are right here.
          let isOver = span.offset + span.length == info.files[span.file].length
          narrowed[span.file] = isOver ? choice[0].paths : paths(of: choice[0].bytes, in: span)
        }
        return
      }
    }
    guard remaining > 0, let choices = choices(for: spans, atMost: Self.maximumCandidates) else { return }
    let allowance = min(Self.maximumHashed.piece, remaining)
    var budget = allowance
    let picked = Self.combination(choices, expected, &budget)
    remaining -= allowance - max(0, budget)
    guard let picked else { return }
    good.append(piece)
    for (span, choice) in zip(spans, zip(choices, picked).map({ $0[$1] })) where isOpen(span.file) {
      narrowed[span.file] = choice.paths
    }
  }

  /// For each span the bytes that may be there; `nil` when there are none for one of them.
  private func choices(for spans: [FileLayout.Span], atMost maximum: Int) -> [[Choice]]? {
    var held = 0
    var choices: [[Choice]] = []
    for span in spans {
      let choice = self.choices(for: span, atMost: maximum, &held)
      guard !choice.isEmpty else { return nil }
      choices.append(choice)
    }
    return choices
  }

  /// Of the paths that come into question those at which the file has these bytes.
  private func paths(of bytes: [UInt8], in span: FileLayout.Span) -> [String] {
    possible(span.file).filter { read(span, $0) == bytes }
  }

  private func isWhole(_ file: Int) -> Bool {
    findings.files[file].presence == .present && findings.files[file].length >= info.files[file].length
  }

  /// Whether more than one path comes into question: no piece of the file's own speaks for another place.
  private func isOpen(_ file: Int) -> Bool {
    wanted.contains(file) && !moved.contains(file)
      && (findings.ownPieces(of: file).isEmpty || findings.isRightByItself(file))
  }

  /// Where the file may be, the likeliest first.
  private func possible(_ file: Int) -> [String] {
    if let known = narrowed[file] { return known }
    let inPlace = isWhole(file) ? [paths[file]] : []
    return isOpen(file) ? inPlace + candidates(file).prefix(Self.maximumCandidates) : inPlace
  }

  /// Gives nothing when no bytes can be had.
  private func choices(for span: FileLayout.Span, atMost maximum: Int, _ held: inout Int) -> [Choice] {
    let entry = info.files[span.file]
    if entry.isPadding { return [Choice(bytes: [UInt8](repeating: 0, count: span.length), paths: [])] }
    var choices: [Choice] = []
    for path in possible(span.file) where choices.count < maximum {
      guard choices.isEmpty || held + span.length <= Self.maximumHeld, let bytes = read(span, path) else {
        continue
      }
      if let same = choices.firstIndex(where: { $0.bytes == bytes }) {
        choices[same].paths.append(path)
      } else {
        if !choices.isEmpty { held += bytes.count }
        choices.append(Choice(bytes: bytes, paths: [path]))
      }
    }
    return choices
  }

  private func read(_ span: FileLayout.Span, _ path: String) -> [UInt8]? {
    guard let file = try? check.disk.open(path) else { return nil }
    var bytes = [UInt8](repeating: 0, count: span.length)
    let filled = bytes.withUnsafeMutableBytes { buffer in
      var filled = 0
      while filled < buffer.count {
        let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
        guard let count = try? check.disk.read(file, at: span.offset + filled, into: rest), count > 0 else {
          break
        }
        filled += count
      }
      return filled
    }
    return filled == span.length ? bytes : nil
  }

  /// Which choice of each file makes the digest; the likeliest are tried first. What the files in front hash to is
  /// computed once for all that comes behind.
  private static func combination(_ choices: [[Choice]], _ digest: ArraySlice<UInt8>, _ budget: inout Int)
    -> [Int]?
  {
    var picked: [Int] = []
    var hashed = [SHA1()]
    var next = 0
    while true {
      if picked.count < choices.count, next < choices[picked.count].count {
        let bytes = choices[picked.count][next].bytes
        budget -= bytes.count + 64
        guard budget >= 0 else { return nil }
        var sha1 = hashed[picked.count]
        sha1.update(bytes)
        picked.append(next)
        hashed.append(sha1)
        next = 0
        continue
      }
      if picked.count == choices.count {
        let result = hashed[picked.count].finish()
        if zip(result.indices, digest).allSatisfy({ result[$0] == $1 }) { return picked }
      }
      guard let last = picked.popLast() else { return nil }
      hashed.removeLast()
      next = last + 1
    }
  }
}
