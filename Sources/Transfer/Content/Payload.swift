import Metainfo
import Platform

/// One torrent's content on disk.
///
/// While it is downloaded a file is called `NAME.part`; it gets its name when every piece that touches it has
/// been verified and the file is on the disk (fsync, then rename). Pad files (BEP 47) are never on disk and
/// read as zeros. A file that is not wanted is left as it is; what its neighbours' pieces hold of it is kept under
/// its partial name, for a later download that wants it. Nothing outside the root directory is reached, whatever the
/// torrent says and whatever links lie there.
///
/// What was verified is true of the files as they were then. Their stamps (`FileStamp`) tell when somebody else has
/// changed one: its pieces are doubted from then on, and each is checked again before anything of it is sent, and all
/// of them before the file gets its name. Those that are wrong are lost.
///
/// Every function may be called from any thread, and blocks for as long as the disk does, `withPart` least of
/// all. `examine` comes first, once; the others wait for its end.
final class Payload: Sendable {
  enum Purpose: Hashable, Sendable {
    /// Files are read and never changed.
    case seeding
    /// - Parameter overwritesForeignFiles: a file that is not this torrent's, under a name that it needs, is
    ///   overwritten instead of being an error.
    case downloading(overwritesForeignFiles: Bool)
  }

  /// What is under a file's names at the moment.
  enum Place: UInt8, Hashable, Sendable {
    case absent
    case partial
    case final
  }

  struct FileState {
    /// Pieces that touch the file and have not been verified.
    var remaining: Int32
    var place = Place.absent
    /// It gets its name when it is complete: it is wanted, or had that name before.
    var getsName: Bool
    /// What it was like after the last look at it, or the last write of our own.
    var stamp = FileStamp.unknown
  }

  struct State {
    var files: [FileState]
    var verified: Bitfield
    /// Verified pieces of files that somebody has changed since.
    var doubted: Bitfield
    /// Wanted pieces that have not been verified, and their bytes.
    var missingCount: Int
    var missingBytes: Int
    /// Everything that is wanted is there under its name.
    var isComplete = false
    var use = Use()
  }

  let info: Info
  let purpose: Purpose
  let selection: FileSelection
  let paths: PayloadPaths
  let extents: PayloadExtents
  let rootPath: String
  /// Which folder `rootPath` led to at the start.
  let rootIdentity: FileIdentity
  let pool: DescriptorPool
  let holder: DescriptorPool.Holder
  let state: Lock<State>

  /// O(files): not for the network thread.
  ///
  /// - Parameters:
  ///   - directory: the one that the torrent's own name lies in. For a download it is made when it is
  ///     missing.
  ///   - wanted: for each file whether it is; `nil` is all.
  ///   - pool: of the session; brings the file system with it.
  init(
    _ info: Info, in directory: String, for purpose: Purpose, wanted: [Bool]? = nil, pool: DescriptorPool
  ) throws(StorageError) {
    self.info = info
    self.purpose = purpose
    self.pool = pool
    let selection = FileSelection(wanted, of: info)
    self.selection = selection
    paths = try PayloadPaths(info)
    extents = PayloadExtents(info.layout)
    rootPath = directory.isEmpty ? "." : directory
    holder = pool.makeHolder()
    let root = try Self.openRoot(rootPath, makes: purpose != .seeding, pool)
    do throws(Errno) { rootIdentity = try pool.fileSystem.status(of: root).identity } catch {
      pool.fileSystem.close(root)
      throw .system(call: "fstat", path: rootPath, errno: error.code)
    }
    let geometry = info.geometry
    let files = info.files
    state = Lock(
      State(
        files: files.indices.map { file in
          FileState(
            remaining: Int32(clamping: geometry.pieces(touching: files.range(of: file)).count),
            getsName: selection.files[file])
        },
        verified: Bitfield(pieceCount: geometry.pieceCount),
        doubted: Bitfield(pieceCount: geometry.pieceCount), missingCount: selection.pieces.count,
        missingBytes: selection.byteCount))
    pool.unpin(pool.insert(root, for: rootKey))
  }

  deinit { close() }

  var fileSystem: any FileSystem { pool.fileSystem }

  /// Closes the files; those that a thread is using, when it is done. What is called later throws `.closed`,
  /// and so does an `examine` that is going on.
  func close() {
    state.withLock { $0.use.phase = .closed }
    pool.close(holder)
  }

  /// Whether the piece is on disk and has been verified, at the start or when it was stored, as far as is known.
  func isVerified(_ piece: PieceIndex) -> Bool { state.withLock { $0.verified.contains(piece) } }

  var verifiedCount: Int { state.withLock { $0.verified.count } }

  /// The bytes of the content that are this piece.
  func range(of piece: PieceIndex) -> Range<Int> {
    let start = info.geometry.offset(of: piece)
    return start..<start + info.geometry.length(of: piece)
  }

  /// The bytes of the content that are this span.
  func range(of span: BlockSpan) -> Range<Int> {
    let start = info.geometry.offset(of: span.piece) + span.offset
    return start..<start + span.length
  }

  // MARK: Reading

  /// Reads a span of the content into a buffer of its length.
  func read(_ span: BlockSpan, into buffer: UnsafeMutableRawBufferPointer) throws(StorageError) {
    precondition(buffer.count == span.length)
    try read(range(of: span), into: buffer)
  }

  func read(_ range: Range<Int>, into buffer: UnsafeMutableRawBufferPointer) throws(StorageError) {
    var position = range.lowerBound
    while position < range.upperBound, let part = extents.part(at: position, before: range.upperBound) {
      let start = position - range.lowerBound
      let target = UnsafeMutableRawBufferPointer(rebasing: buffer[start..<start + part.length])
      if part.isPadding {
        target.initializeMemory(as: UInt8.self, repeating: 0)
      } else {
        try read(part, into: target)
      }
      position += part.length
    }
  }

  private func read(_ part: PayloadExtents.Part, into buffer: UnsafeMutableRawBufferPointer)
    throws(StorageError)
  {
    let pin = try pin(part.file)
    defer { pool.unpin(pin) }
    var done = 0
    while done < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let count = try repeating("pread", part.file) { () throws(Errno) in
        try fileSystem.read(pin.descriptor, into: rest, at: part.offset + done)
      }
      guard count > 0 else { throw .shortened(path: path(of: part.file)) }
      done += count
    }
  }

  /// A run of bytes of one open file, or of padding.
  struct OpenPart {
    /// -1 for padding: zeros that are in no file.
    let descriptor: Int32
    /// Bytes from the start of the file.
    let offset: Int
    /// Bytes; at least 1, at most what was asked for.
    let length: Int

    var isPadding: Bool { descriptor < 0 }
  }

  /// Calls `body` with the first part of a span: what of it lies in one file. The descriptor stays open until
  /// `body` returns. Who sends a block with `sendfile` advances by what was sent, and comes again for the
  /// rest.
  ///
  /// Without allocation, and without a call to the system when the file is open already. O(log files).
  func withPart<R>(of span: BlockSpan, _ body: (OpenPart) -> R) throws(StorageError) -> R {
    let range = range(of: span)
    guard let part = extents.part(at: range.lowerBound, before: range.upperBound) else {
      preconditionFailure("a span of another torrent")
    }
    if part.isPadding { return body(OpenPart(descriptor: -1, offset: part.offset, length: part.length)) }
    let pin = try pin(part.file)
    defer { pool.unpin(pin) }
    return body(OpenPart(descriptor: pin.descriptor, offset: part.offset, length: part.length))
  }
}
