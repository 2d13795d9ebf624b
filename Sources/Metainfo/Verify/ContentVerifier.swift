import Synchronization

/// Compares content on disk with what a torrent says of it. Reads only.
///
/// A missing or short file takes its own pieces with it and never shifts the others. Symbolic links are
/// followed: the content is the user's own. Files that the torrent doesn't know are not looked at.
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
    let paths = info.files.map { location.path(of: $0) }
    let findings = VerifyFindings(
      info, files: zip(info.files, paths).map { Self.look(at: $0.isPadding ? nil : $1, $0.length, disk) })
    let readable = findings.readable
    let state = Mutex((findings: findings, done: findings.settledLength))
    let digester = PieceDigester(disk: disk, layout: info.layout, geometry: info.geometry, paths: paths)
    digester.run(readable, threads: threads) { piece, outcome in
      state.withLock { state in
        switch outcome {
        case .success(let digest):
          state.findings.pieces[piece.value] = Self.matches(digest, info.hash(of: piece)) ? .good : .bad
        case .failure(let failure):
          state.findings.pieces[piece.value] = .missing
          state.findings.files[failure.file] = Self.finding(failure, paths[failure.file], disk)
        }
        state.done += info.geometry.length(of: piece)
        progress(HashProgress(done: state.done, total: info.geometry.totalLength))
      }
      return true
    }
    return state.withLock { $0.findings }.report
  }

  /// A pad file (`nil`) is whole without being there.
  private static func look(at path: String?, _ length: Int, _ disk: some ContentDisk) -> VerifyFindings.File {
    guard let path else { return .present(length) }
    do {
      let status = try disk.status(of: path)
      guard status.kind == .regular else { return .missing("\(status.kind.description) is in its place") }
      return .present(status.length)
    } catch {
      return error.isAbsence ? .missing(error.description) : .unreadable(error.description)
    }
  }

  private static func finding(
    _ failure: ContentFailure, _ path: String, _ disk: some ContentDisk
  ) -> VerifyFindings.File {
    switch failure.reason {
    case .system(_, let reason) where reason.isAbsence: .missing(reason.description)
    case .system(_, let reason): .unreadable(reason.description)
    // It has become shorter since it was looked at.
    case .ended: look(at: path, 0, disk)
    }
  }

  private static func matches(_ digest: InlineArray<20, UInt8>, _ expected: ArraySlice<UInt8>) -> Bool {
    guard expected.count == digest.count else { return false }
    for (index, byte) in zip(digest.indices, expected) where digest[index] != byte { return false }
    return true
  }
}
