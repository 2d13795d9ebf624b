import Platform

/// Looks in other places for the files of a torrent that are not where they should be, or not as they should be.
///
/// A file counts as found when it has the right length and hashes speak for it: those of all pieces that it has to
/// itself, or else, for a small file, one of a piece that it shares (`SharedPieceSearch`). An empty file, which has
/// no hashes, is found by its name.
struct ContentSearch<Disk: ContentDisk> {
  private let check: PieceCheck<Disk>
  private let candidates: ContentCandidates
  private var findings: VerifyFindings
  private var paths: ContentPaths
  /// Files that are looked for, ascending.
  private let wanted: [Int]
  /// Where they were found.
  private var found: [Int: String] = [:]
  private var good: [PieceIndex] = []

  private var info: Info { check.info }

  /// Walks the folders; O(entries).
  init(_ check: PieceCheck<Disk>, in folders: [String], for findings: VerifyFindings, at paths: ContentPaths)
  {
    self.check = check
    self.findings = findings
    self.paths = paths
    wanted = findings.files.indices.filter { !findings.isFine($0) }
    let lengths = Set(wanted.map { check.info.files[$0].length })
    candidates = ContentCandidates(below: lengths.isEmpty ? [] : folders, lengths: lengths)
  }

  /// Searches, and gives what is known then and where the files are. Pieces of files that were found are to be read
  /// unless they are known to be good.
  ///
  /// O(bytes of the candidates); each is read to the end only if its first piece is right.
  mutating func run() -> (VerifyFindings, ContentPaths) {
    findings.searchProblems = candidates.problems
    findEmptyFiles()
    findByOwnPieces()
    adopt()
    var shared = SharedPieceSearch(check, findings, paths, wanted: Set(wanted)) {
      [info, candidates] file in
      candidates.files(like: info.diskPath(of: file), length: info.files[file].length)
    }
    shared.run()
    adopt(shared)
    return (findings, paths)
  }

  /// Takes what shared pieces spoke for, if the files' own pieces don't contradict.
  private mutating func adopt(_ shared: SharedPieceSearch<Disk>) {
    let spokenFor = shared.found
    var trial = paths
    trial.elsewhere.merge(spokenFor) { $1 }
    let passed = Set(good(spokenFor.keys.sorted(), in: trial) { $1 })
    found = spokenFor.filter { passed.contains($0.key) }
    good = shared.good.filter { piece in
      let start = info.geometry.offset(of: piece)
      return info.layout.spans(of: start..<start + info.geometry.length(of: piece))
        .allSatisfy { spokenFor[$0.file] == nil || passed.contains($0.file) }
    }
    adopt()
  }

  private mutating func adopt() {
    findings.find(found)
    for piece in good { findings.settle(piece, .good) }
    paths.elsewhere.merge(found) { $1 }
    found = [:]
    good = []
  }

  private mutating func findEmptyFiles() {
    for file in wanted where info.files[file].length == 0 {
      let components = info.diskPath(of: file)
      let first = candidates.files(like: components, length: 0).first
      if let first, DiskPath.name(of: first) == components.last { found[file] = first }
    }
  }

  /// In each round every file that is not yet found tries its next candidate, all of them side by side.
  private mutating func findByOwnPieces() {
    var open = wanted.filter { !findings.ownPieces(of: $0).isEmpty && !findings.isRightByItself($0) }
    for round in 0..<ContentCandidates.maximumAlike where !open.isEmpty {
      var trial = paths
      open = open.filter { file in
        let candidates = candidates.files(like: info.diskPath(of: file), length: info.files[file].length)
        guard round < candidates.count else { return false }
        trial.elsewhere[file] = candidates[round]
        return true
      }
      // The first piece tells most strangers.
      let passed = good(open, in: trial) { $1.prefix(1) }
      let proven = good(passed, in: trial) { knowsPieces(of: $0) ? $1.dropFirst() : $1 }
      for file in proven {
        found[file] = trial.elsewhere[file]
        good += findings.ownPieces(of: file).map { PieceIndex(unchecked: $0) }
      }
      let done = Set(proven)
      open.removeAll { done.contains($0) }
    }
  }

  /// Whether a piece of the file can be told to be right by itself.
  private func knowsPieces(of file: Int) -> Bool {
    guard !info.format.hasPieceHashes, let first = findings.ownPieces(of: file).first else { return true }
    return info.merkle?.hash(of: PieceIndex(unchecked: first)).isEmpty == false
  }

  /// Those of `files` of which all of these own pieces are good, as far as they can be told.
  private func good(
    _ files: [Int], in paths: ContentPaths, _ part: (_ file: Int, _ own: Range<Int>) -> Range<Int>
  ) -> [Int] {
    var owners: [PieceIndex: Int] = [:]
    var pieces: [PieceIndex] = []
    for file in files {
      for piece in part(file, findings.ownPieces(of: file)) {
        pieces.append(PieceIndex(unchecked: piece))
        owners[PieceIndex(unchecked: piece)] = file
      }
    }
    let state = Lock((rejected: Set<Int>(), layers: [Int: FileLayer]()))
    check.run(pieces, at: paths) { [owners, findings] piece, outcome in
      guard let owner = owners[piece] else { return }
      switch outcome {
      case .success(.settled(.good)): break
      case .success(.part(let root)):
        let own = findings.ownPieces(of: owner)
        state.withLock {
          $0.layers[owner, default: FileLayer(pieceCount: own.count)].note(
            root, at: piece.value - own.lowerBound)
        }
      case .success(.settled), .failure: state.withLock { _ = $0.rejected.insert(owner) }
      }
    }
    return state.withLock { state in
      files.filter { file in
        guard !state.rejected.contains(file) else { return false }
        guard let layer = state.layers[file], layer.isRead else { return true }
        return info.merkle?.root(of: file).map { layer.hasRoot($0, pieceLength: info.geometry.pieceLength) }
          == true
      }
    }
  }
}
