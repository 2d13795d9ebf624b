import Metainfo
import Platform
import Synchronization

/// One torrent's content on disk.
///
/// While it is downloaded a file is called `NAME.part`; it gets its name when every piece that touches it has
/// been verified and the file is on the disk (fsync, then rename). Pad files (BEP 47) are never on disk and
/// read as zeros. A file that is not wanted is left as it is; what its neighbours' pieces hold of it is kept under
/// its partial name, for a later download that wants it. Nothing outside the root directory is reached, whatever the torrent says and whatever links
/// lie there.
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
  enum Place: Hashable, Sendable {
    case absent
    case partial
    case final
  }

  struct FileState {
    var place = Place.absent
    /// It gets its name when it is complete: it is wanted, or had that name before.
    var getsName: Bool
    /// Pieces that touch the file and have not been verified.
    var remaining: Int
  }

  struct State {
    var files: [FileState]
    var verified: [Bool]
    var verifiedCount = 0
    /// Wanted pieces that have not been verified, and their bytes.
    var missingCount: Int
    var missingBytes: Int
    var descriptors: DescriptorCache
  }

  let info: Info
  let purpose: Purpose
  let selection: FileSelection
  let fileSystem: any FileSystem
  let paths: PayloadPaths
  let extents: PayloadExtents
  let rootPath: String
  let root: Int32
  let state: Mutex<State>

  /// - Parameters:
  ///   - directory: the one that the torrent's own name lies in. For a download it is made when it is
  ///     missing.
  ///   - wanted: for each file whether it is; `nil` is all.
  ///   - descriptorLimit: how many files are kept open at most, beside those in use.
  init(
    _ info: Info, in directory: String, for purpose: Purpose, wanted: [Bool]? = nil,
    fileSystem: any FileSystem = DiskFileSystem(), descriptorLimit: Int = Payload.defaultDescriptorLimit
  ) throws(StorageError) {
    self.info = info
    self.purpose = purpose
    let selection = FileSelection(wanted, of: info)
    self.selection = selection
    self.fileSystem = fileSystem
    paths = try PayloadPaths(info)
    extents = PayloadExtents(info.layout)
    rootPath = directory.isEmpty ? "." : directory
    root = try Self.openRoot(rootPath, makes: purpose != .seeding, fileSystem)
    let geometry = info.geometry
    state = Mutex(
      State(
        files: zip(info.files, selection.files).map { file, isWanted in
          FileState(getsName: isWanted, remaining: geometry.pieces(touching: file.range).count)
        },
        verified: Array(repeating: false, count: geometry.pieceCount), missingCount: selection.pieces.count,
        missingBytes: selection.byteCount,
        descriptors: DescriptorCache(fileCount: info.files.count, limit: descriptorLimit)))
  }

  deinit {
    close()
    fileSystem.close(root)
  }

  /// A quarter of what the process may have open, and at most 64.
  static var defaultDescriptorLimit: Int {
    min(64, max(4, DescriptorLimit.current / 4))
  }

  /// Closes the files; those that a thread is using, when it is done. What is called later throws `.closed`,
  /// and so does an `examine` that is going on.
  func close() {
    for descriptor in state.withLock({ $0.descriptors.close() }) { fileSystem.close(descriptor) }
  }

  /// Whether the piece is on disk and has been verified, at the start or when it was stored.
  func isVerified(_ piece: PieceIndex) -> Bool { state.withLock { $0.verified[piece.value] } }

  var verifiedCount: Int { state.withLock { $0.verifiedCount } }

  // MARK: Reading

  /// Reads a span of the content into a buffer of its length.
  func read(_ span: BlockSpan, into buffer: UnsafeMutableRawBufferPointer) throws(StorageError) {
    precondition(buffer.count == span.length)
    let start = info.geometry.offset(of: span.piece) + span.offset
    try read(start..<start + span.length, into: buffer)
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
    let descriptor = try pin(part.file, creating: false)
    defer { unpin(part.file) }
    var done = 0
    while done < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let count = try repeating("pread", part.file) { () throws(Errno) in
        try fileSystem.read(descriptor, into: rest, at: part.offset + done)
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
    let start = info.geometry.offset(of: span.piece) + span.offset
    guard let part = extents.part(at: start, before: start + span.length) else {
      preconditionFailure("a span of another torrent")
    }
    if part.isPadding { return body(OpenPart(descriptor: -1, offset: part.offset, length: part.length)) }
    let descriptor = try pin(part.file, creating: false)
    defer { unpin(part.file) }
    return body(OpenPart(descriptor: descriptor, offset: part.offset, length: part.length))
  }
}
