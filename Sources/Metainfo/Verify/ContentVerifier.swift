import Synchronization

/// Compares content on disk with what a torrent says of it. Reads only.
///
/// A missing or short file takes its own pieces with it and never shifts the others. Symbolic links are
/// followed: the content is the user's own. Files that the torrent doesn't know are not looked at. A file whose
/// name is written in another Unicode normalisation form is taken, and the report says so.
public struct ContentVerifier: Sendable {
  private let info: Info
  private let location: ContentLocation
  private let threads: Int?

  /// - Parameter threads: How many read and hash; `nil` is one for each processor.
  public init(_ info: Info, at location: ContentLocation, threads: Int? = nil) {
    self.info = info
    self.location = location
    self.threads = threads
  }

  /// Reads the content. O(bytes). There is nothing to throw: whatever happens to a file is what the report says
  /// of it.
  ///
  /// - Parameter progress: Called now and then on the hashing threads, by one at a time, with rising numbers.
  public func verify(progress: @escaping @Sendable (HashProgress) -> Void = { _ in }) -> VerifyReport {
    verify(disk: SystemDisk(), progress: progress)
  }

  func verify(
    disk: some ContentDisk, progress: @escaping @Sendable (HashProgress) -> Void
  ) -> VerifyReport {
    let info = info
    let (seen, paths) = look(disk)
    let state = Mutex((findings: seen, done: seen.settledLength))
    let digester = PieceDigester(
      disk: disk, layout: info.layout, geometry: info.geometry, kinds: DigestKinds(of: info.format)
    ) { paths[$0] }
    digester.run(seen.readable, threads: threads) { piece, outcome in
      state.withLock { state in
        switch outcome {
        case .success(let digests):
          state.findings.settle(piece, digests.match(info, piece) ? .good : .bad)
        case .failure(let failure):
          let (file, reason) = Self.finding(failure, state.findings.files[failure.file], paths, disk)
          state.findings.fail(piece, at: failure.file, file, reason)
        }
        state.done += info.geometry.length(of: piece)
        progress(HashProgress(done: state.done, total: info.geometry.totalLength))
      }
      return true
    }
    return state.withLock { $0.findings }.report
  }

  /// Asks for every file, and gives the path of each.
  private func look<Disk: ContentDisk>(_ disk: Disk) -> (VerifyFindings, paths: [String]) {
    var names = EquivalentNames(disk)
    var files: [VerifyFindings.File] = []
    var paths: [String] = []
    var reasons: [Int: String] = [:]
    var foundAs: [Int: [String]] = [:]
    for (number, entry) in info.files.enumerated() {
      guard !entry.isPadding else {
        files.append(.present(entry.length))
        paths.append("")
        continue
      }
      var path = location.path(of: entry)
      var (file, reason) = Self.look(at: path, disk)
      if file.presence == .missing, !info.isSingleFile,
        let found = names.find(entry.path.components, in: location.path)
      {
        path = DiskPath.joined(location.path, found)
        (file, reason) = Self.look(at: path, disk)
        if file.presence != .missing { foundAs[number] = found }
      }
      files.append(file)
      paths.append(path)
      reasons[number] = reason
    }
    var findings = VerifyFindings(info, files: files, reasons: reasons)
    findings.foundAs = foundAs
    return (findings, paths)
  }

  private static func look(
    at path: String, _ disk: some ContentDisk
  ) -> (VerifyFindings.File, reason: String?) {
    do {
      let status = try disk.status(of: path)
      guard status.kind == .regular else { return (.missing, "\(status.kind.description) is in its place") }
      return (.present(status.length), nil)
    } catch {
      return (error.isAbsence ? .missing : .unreadable, error.description)
    }
  }

  private static func finding(
    _ failure: ContentFailure, _ file: VerifyFindings.File, _ paths: [String], _ disk: some ContentDisk
  ) -> (VerifyFindings.File, reason: String?) {
    switch failure.reason {
    case .system(_, let reason) where reason.isAbsence: (.missing, reason.description)
    case .system(_, let reason): (.init(presence: .unreadable, length: file.length), reason.description)
    // It has become shorter since it was looked at.
    case .ended: look(at: paths[failure.file], disk)
    }
  }
}
