import Bencode
import Platform
import Text

/// Makes a torrent (BEP 3, BEP 52) of a file or folder on this machine.
///
///     let output = try AtomicFile("share.torrent", overwrites: false)
///     let author = try TorrentAuthor(content: "data/", options: options, output: output)
///     let made = try author.create { progress in … }
///     try output.write(made.bytes)
///
/// Everything that can be known to be wrong before the content is read is an error of the two initialisers;
/// hashing may take hours.
public struct TorrentAuthor: Sendable {
  public let name: TorrentPath
  public var format: TorrentFormat { options.format }
  /// The files in the order of the torrent, with their lengths as they were found.
  public let layout: FileLayout
  public let geometry: PieceGeometry
  /// Whether the content is a file by itself.
  public let isSingleFile: Bool
  /// What lies in the folder and is not taken, in canonical order, but for what the filter's rules leave out.
  public let skipped: [SkippedEntry]
  /// Rules of the filter that no file or folder matches, which is most likely not what was meant.
  public let idleRules: [ContentFilter.Rule]

  /// Bytes that the .torrent will have.
  public let torrentLength: Int

  private let tree: ContentTree
  private let plan: ContentPlan
  private let builder: TorrentBuilder
  private let options: AuthorOptions

  /// Finds the files and checks all that can be checked without reading them.
  ///
  /// - Parameters:
  ///   - content: A file or folder; a symbolic link stands for what it leads to.
  ///   - output: The file that will be written, which is left out of the content.
  /// - Throws: `option` for a name or piece length that can't be used, `content` for content that can't be
  ///   shared, `output` when writing would destroy content.
  public init(content: String, options: AuthorOptions, output: AtomicFile? = nil) throws(AuthorError) {
    try Self.check(options)
    self.options = options
    name = try Self.name(of: content, given: options.name)
    let root: String
    do {
      let isLink = try FileStatus(of: content, followingLinks: false).kind == .symlink
      root = isLink ? try DiskPath.resolved(content) : content
    } catch {
      throw AuthorError(.content, content, error.description)
    }
    let walk = try ContentWalk(root: root, options: options, output: output)
    skipped = walk.skipped
    idleRules = walk.idleRules
    tree = options.order == .size ? walk.tree.sortedBySize() : walk.tree
    isSingleFile = tree.isSingleFile
    if isSingleFile, let output, output.isReplacement(of: tree.files[0].status) {
      throw AuthorError(.output, output.path, "would overwrite the content")
    }
    if options.padding == .behind, let clash = tree.folders.first(where: { $0.components == [".pad"] }) {
      throw AuthorError(
        .content, clash.path, "is where pad files are, and can't be shared together with them")
    }
    if options.format == .v2, tree.files.count == 1, tree.components(of: 0).elementsEqual(name.components) {
      throw AuthorError(
        .option, name.name,
        "version 2 can't tell a folder with nothing but a file of its own name from that file; a hybrid can, "
          + "or another name")
    }
    let length = try Self.length(of: tree, content, options, skipped: skipped.count)
    let pieceLength = options.pieceLength ?? PieceLengthRule.current.pieceLength(totalLength: length)
    guard let plan = ContentPlan(tree, name: name, padding: options.padding, pieceLength: pieceLength),
      let geometry = PieceGeometry(totalLength: plan.layout.totalLength, pieceLength: pieceLength)
    else {
      throw AuthorError(.content, content, "\(length) bytes are more than a torrent can hold")
    }
    self.plan = plan
    layout = plan.layout
    self.geometry = geometry
    builder = TorrentBuilder(
      name: name, layout: layout, geometry: geometry, isSingleFile: isSingleFile, options: options)
    torrentLength = builder.torrentLength
    // Nothing can read a .torrent beyond this, ours neither, and making it would take as much memory.
    guard torrentLength <= BencodeLimits.maximumSize else {
      throw AuthorError(
        .option, content,
        "\(geometry.pieceCount) pieces of \(pieceLength) bytes and \(tree.files.count) files make a .torrent of "
          + "\(torrentLength) bytes; longer pieces make it smaller")
    }
  }

  /// What is odd about the torrent that will be made, before anything is read. O(bytes of all paths).
  public func findings() -> [LintFinding] {
    LintSubject(
      name: name, layout: layout, geometry: geometry, isSingleFile: isSingleFile, format: format,
      isPrivate: options.isPrivate, announce: options.announce, webSeeds: options.webSeeds,
      nodes: options.nodes, torrentLength: torrentLength
    ).findings()
  }

  /// Reads the content and makes the torrent. O(bytes).
  ///
  /// - Parameter progress: Called now and then on the hashing threads, by one at a time, with rising numbers.
  /// - Throws: `changed` when a file is not what it was when `init` found it, before or after it was read;
  ///   `content` when one can't be read.
  public func create(
    progress: @escaping @Sendable (HashProgress) -> Void = { _ in }
  ) throws(AuthorError) -> AuthoredTorrent {
    try create(disk: SystemDisk(), progress: progress)
  }

  /// As above, on threads of its own, without holding the caller's.
  ///
  /// - Throws: `AuthorError` as above; `CancellationError`, reading no more, when the task is cancelled.
  public func create(
    progress: @escaping @Sendable (HashProgress) -> Void = { _ in }
  ) async throws -> AuthoredTorrent {
    try await create(disk: SystemDisk(), progress: progress)
  }

  func create(
    disk: some ContentDisk, progress: @escaping @Sendable (HashProgress) -> Void
  ) async throws -> AuthoredTorrent {
    try await PlainThread.result(named: "create") { [self] flag in
      Result { () throws(AuthorError) in
        try create(disk: CancellableDisk(disk: disk, flag: flag), progress: progress)
      }
    }.get()
  }

  func create(
    disk: some ContentDisk, progress: @escaping @Sendable (HashProgress) -> Void
  ) throws(AuthorError) -> AuthoredTorrent {
    let kinds = DigestKinds(of: options.format)
    let digester = PieceDigester(
      disk: disk, layout: layout, geometry: geometry, kinds: kinds,
      order: .suited(to: Set(tree.files.lazy.map(\.status.device)))
    ) { [plan, tree] file in plan.number(of: file).map(tree.path) ?? "" }
    let geometry = geometry
    let state = Lock(State(table: PieceTable(kinds: kinds, pieceCount: geometry.pieceCount)))
    digester.run(threads: options.threads) { piece, outcome in
      state.withLock { state in
        switch outcome {
        case .failure(let failure):
          if state.failure == nil { state.failure = failure }
        case .success(let digests):
          state.table.set(piece, digests)
          state.done += geometry.length(of: piece)
          progress(HashProgress(done: state.done, total: geometry.totalLength))
        }
        return state.failure == nil
      }
    }
    let (table, failure) = state.withLock { ($0.table, $0.failure) }
    if let failure { throw error(for: failure) }
    for number in tree.files.indices { try checkUnchanged(number) }
    return builder.build(table)
  }

  private struct State {
    var table: PieceTable
    var done = 0
    var failure: ContentFailure?
  }

  private func error(for failure: ContentFailure) -> AuthorError {
    let path = plan.number(of: failure.file).map(tree.path) ?? ""
    switch failure.reason {
    case .ended: return Self.changed(path, "it has become shorter")
    case .system(_, let reason) where reason.isAbsence: return Self.changed(path, "it has disappeared")
    case .system(_, let reason): return AuthorError(.content, path, reason.description)
    }
  }

  private func checkUnchanged(_ number: Int) throws(AuthorError) {
    let path = tree.path(of: number)
    let earlier = tree.files[number].status
    let status: FileStatus
    do { status = try FileStatus(of: path, followingLinks: options.followsLinks) } catch {
      throw error.isAbsence
        ? Self.changed(path, "it has disappeared") : AuthorError(.content, path, error.description)
    }
    guard !status.isUnchanged(since: earlier) else { return }
    let (before, after) = (earlier.length, status.length)
    throw Self.changed(path, before == after ? "it was written to" : "\(before) bytes before, \(after) after")
  }

  private static func changed(_ path: String, _ how: String) -> AuthorError {
    AuthorError(.changed, path, "changed while reading: \(how)")
  }
}

extension TorrentAuthor {
  /// What a torrent of this file or folder is called: the name that is given, else the last component of the
  /// path, else (for `.` and its like) that of the place it leads to.
  public static func name(of content: String, given: String? = nil) throws(AuthorError) -> TorrentPath {
    if let given {
      guard let name = TorrentPath([given]) else {
        throw AuthorError(.option, given, "not a name: 1 to 255 bytes, without '/', not '.' or '..'")
      }
      return name
    }
    let own = DiskPath.name(of: content)
    if let name = TorrentPath([own]) { return name }
    guard SystemText.isVerbatim(own) else {
      throw AuthorError(.option, content, "its name is not UTF-8; another must be given")
    }
    do {
      if let name = TorrentPath([DiskPath.name(of: try DiskPath.resolved(content))]) { return name }
    } catch {
      throw AuthorError(.content, content, error.description)
    }
    throw AuthorError(.option, content, "has no name of its own; one must be given")
  }

  /// What can be known to be wrong without a look at the disk.
  static func check(_ options: AuthorOptions) throws(AuthorError) {
    if options.format != .v1, options.order != .path {
      throw AuthorError(
        .option, options.order.rawValue, "version 2 has its files in the order of their paths only")
    }
    guard let length = options.pieceLength, !PieceLengthRule.accepts(length) else { return }
    throw AuthorError(.option, "\(length)", "a piece length is a power of two from 16 KiB to 128 MiB")
  }

  /// Bytes of all files, of which there must be one at least.
  private static func length(
    of tree: ContentTree, _ content: String, _ options: AuthorOptions, skipped: Int
  ) throws(AuthorError) -> Int {
    guard !tree.files.isEmpty else {
      let remark =
        skipped > 0
        ? "no file is left when \(skipped) entries are skipped"
        : options.filter.rules.isEmpty ? "the folder is empty" : "no file is left by the rules for files"
      throw AuthorError(.content, content, remark)
    }
    var total = 0
    for file in tree.files {
      let (sum, overflow) = total.addingReportingOverflow(file.status.length)
      guard !overflow else { throw AuthorError(.content, content, "is larger than a torrent can be") }
      total = sum
    }
    guard total > 0 else {
      throw AuthorError(.content, content, "holds no byte; other clients refuse a torrent of nothing")
    }
    return total
  }
}
