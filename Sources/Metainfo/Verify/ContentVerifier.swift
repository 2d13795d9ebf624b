import Platform

/// Compares content on disk with what a torrent says of it. Reads only.
///
/// A missing or short file takes its own pieces with it and never shifts the others. Symbolic links are
/// followed: the content is the user's own. Files that the torrent doesn't know are not looked at. A file whose
/// name is written in another Unicode normalisation form is taken, and the report says so.
public struct ContentVerifier: Sendable {
  private let info: Info
  private let location: ContentLocation
  private let threads: Int?

  private let folders: [String]

  /// - Parameters:
  ///   - folders: Where to look for files that are not in their place, or not as they should be. They are found by
  ///     their length and their hashes, whatever they are called; symbolic links below are not followed.
  ///   - threads: How many read and hash; `nil` is one for each processor.
  public init(
    _ info: Info, at location: ContentLocation, searching folders: [String] = [], threads: Int? = nil
  ) {
    self.info = info
    self.location = location
    self.folders = folders
    self.threads = threads
  }

  /// Reads the content. O(bytes). There is nothing to throw: whatever happens to a file is what the report says
  /// of it.
  ///
  /// - Parameter progress: Called now and then on the hashing threads, by one at a time, with rising numbers.
  public func verify(progress: @escaping @Sendable (HashProgress) -> Void = { _ in }) -> VerifyReport {
    verify(disk: SystemDisk(), progress: progress)
  }

  /// As above, on threads of its own, without holding the caller's.
  ///
  /// Throws `CancellationError`, and reads no more, when the task is cancelled.
  public func verify(
    progress: @escaping @Sendable (HashProgress) -> Void = { _ in }
  ) async throws -> VerifyReport {
    try await verify(disk: SystemDisk(), progress: progress)
  }

  func verify(
    disk: some ContentDisk, progress: @escaping @Sendable (HashProgress) -> Void
  ) async throws -> VerifyReport {
    try await PlainThread.result(named: "verify") { [self] flag in
      verify(disk: CancellableDisk(disk: disk, flag: flag), progress: progress)
    }
  }

  func verify<Disk: ContentDisk>(
    disk: Disk, progress: @escaping @Sendable (HashProgress) -> Void
  ) -> VerifyReport {
    let (seen, found, devices) = look(disk)
    let paths = ContentPaths(info: info, location: location, elsewhere: found)
    let check = PieceCheck(info: info, disk: disk, threads: threads, order: .suited(to: devices))
    let state = State(seen, progress)
    // What is missing now may be found.
    if folders.isEmpty { state.skip(seen.settledLength) }
    state.read(check, paths)
    if !folders.isEmpty {
      var search = ContentSearch(check, in: folders, for: state.findings, at: paths)
      let (findings, paths) = search.run()
      state.findings = findings
      state.read(check, paths)
    }
    state.end()
    return state.findings.report
  }

  /// What is known, and how far the work has come; told by the hashing threads.
  private final class State: Sendable {
    private let state: Lock<(findings: VerifyFindings, done: Int)>
    private let total: Int
    private let progress: @Sendable (HashProgress) -> Void

    init(_ findings: VerifyFindings, _ progress: @escaping @Sendable (HashProgress) -> Void) {
      state = Lock((findings, 0))
      total = findings.info.geometry.totalLength
      self.progress = progress
    }

    var findings: VerifyFindings {
      get { state.withLock { $0.findings } }
      set { state.withLock { $0.findings = newValue } }
    }

    func skip(_ length: Int) { state.withLock { $0.done += length } }

    func end() {
      state.withLock { state in
        guard state.done < total else { return }
        state.done = total
        progress(HashProgress(done: total, total: total))
      }
    }

    /// Reads all pieces that are not yet known and can be read.
    func read<Disk: ContentDisk>(_ check: PieceCheck<Disk>, _ paths: ContentPaths) {
      check.run(findings.readable, at: paths) { [self] piece, outcome in
        state.withLock { state in
          switch outcome {
          case .success(.settled(let result)): state.findings.settle(piece, result)
          case .success(.part(let root)): state.findings.note(root, of: piece)
          case .failure(let failure):
            let (file, reason) = finding(failure, state.findings.files[failure.file], paths, check.disk)
            state.findings.fail(piece, at: failure.file, file, reason)
          }
          state.done = min(total, state.done + check.info.geometry.length(of: piece))
          progress(HashProgress(done: state.done, total: total))
        }
      }
    }
  }

  /// Asks for every file. Gives the paths of those that have another name than in the torrent, and the devices that
  /// they are on.
  private func look<Disk: ContentDisk>(
    _ disk: Disk
  ) -> (VerifyFindings, paths: [Int: String], devices: Set<UInt64>) {
    var names = EquivalentNames(disk)
    var files: [VerifyFindings.File] = []
    var paths: [Int: String] = [:]
    var reasons: [Int: String] = [:]
    var foundAs: [Int: [String]] = [:]
    var devices: Set<UInt64> = []
    // A file that stands where another one belongs is that one.
    var own: Set<TorrentPath>?
    func isOwn(_ components: [String]) -> Bool {
      let paths = own ?? Set(info.files.lazy.map(\.path))
      own = paths
      return paths.contains(TorrentPath(unchecked: components))
    }
    for (number, entry) in info.files.enumerated() {
      guard !entry.isPadding else {
        files.append(.present(entry.length))
        continue
      }
      var seen = Seen(location.path(of: entry), disk)
      if seen.file.presence == .missing, !info.isSingleFile,
        let found = names.find(entry.path.components, in: location.path) ?? info.otherNames.files[number],
        !isOwn(found)
      {
        let path = DiskPath.joined(location.path, found)
        seen = Seen(path, disk)
        if seen.file.presence != .missing {
          paths[number] = path
          foundAs[number] = found
        }
      }
      files.append(seen.file)
      reasons[number] = seen.reason
      if let device = seen.device { devices.insert(device) }
    }
    var findings = VerifyFindings(info, files: files, reasons: reasons)
    findings.foundAs = foundAs
    return (findings, paths, devices)
  }
}

/// What is at a path.
private struct Seen {
  let file: VerifyFindings.File
  var reason: String?
  var device: UInt64?

  init(_ path: String, _ disk: some ContentDisk) {
    do {
      let status = try disk.status(of: path)
      if status.kind == .regular {
        (file, device) = (.present(status.length), status.device)
      } else {
        (file, reason) = (.missing, "\(status.kind.description) is in its place")
      }
    } catch {
      (file, reason) = (error.isAbsence ? .missing : .unreadable, error.description)
    }
  }
}

/// What a failure to read says of a file.
private func finding(
  _ failure: ContentFailure, _ file: VerifyFindings.File, _ paths: ContentPaths, _ disk: some ContentDisk
) -> (VerifyFindings.File, reason: String?) {
  switch failure.reason {
  case .system(_, let reason) where reason.isAbsence:
    return (.missing, reason.description)
  case .system(_, let reason):
    return (VerifyFindings.File(presence: .unreadable, length: file.length), reason.description)
  case .ended:
    // It has become shorter since it was looked at.
    let seen = Seen(paths[failure.file], disk)
    return (seen.file, seen.reason)
  }
}
