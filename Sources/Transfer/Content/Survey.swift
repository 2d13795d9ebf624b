import Metainfo
import Platform

/// What lies under the names of a torrent's files at the start, and what its pieces say about it.
struct Survey {
  /// Bytes on disk, under the final name if there is a file of that name, else under the partial one.
  private(set) var sizes: [Int]
  /// How many of them are not holes.
  private var allocated: [Int]
  private(set) var hasGoodPiece: [Bool]
  /// A piece that is wholly in the file, padding apart, is wrong.
  private var hasOwnBadPiece: [Bool]
  private var goodCount = 0
  /// That hold the files.
  private(set) var devices: Set<UInt64> = []

  /// Looks at every file, and notes in the payload's state where each is. O(files).
  init(_ payload: Payload) throws(StorageError) {
    let files = payload.info.files
    sizes = Array(repeating: 0, count: files.count)
    allocated = sizes
    hasGoodPiece = Array(repeating: false, count: files.count)
    hasOwnBadPiece = hasGoodPiece
    var walk = try FolderWalk(payload)
    for file in files.indices where !files.isPadding(file) {
      guard let folder = try walk.folder(of: file) else { continue }
      guard let (place, status) = try Self.find(file, in: folder, payload) else { continue }
      sizes[file] = status.length
      allocated[file] = status.allocated
      devices.insert(status.device)
      // What is in the place of an empty file is not it.
      if files.length(of: file) == 0, status.length > 0 { continue }
      payload.state.withLock { state in
        state.files[file].place = place
        state.files[file].stamp = FileStamp(status)
      }
    }
  }

  /// Where the file is, and what it is like.
  private static func find(
    _ file: Int, in folder: Int32, _ payload: Payload
  ) throws(StorageError) -> (Payload.Place, FileStatus)? {
    if let status = try payload.status(of: file, named: payload.paths.finalName(of: file), in: folder) {
      return (.final, status)
    }
    // Seeds have no partial files, and empty files never do.
    guard payload.purpose != .seeding, payload.info.files.length(of: file) > 0,
      let status = try payload.status(of: file, named: payload.paths.partialName(of: file), in: folder)
    else { return nil }
    return (.partial, status)
  }

  /// Whether every byte of the piece is there.
  func isReadable(_ piece: PieceIndex, _ payload: Payload) -> Bool {
    var isReadable = true
    payload.extents.forEachPart(of: payload.range(of: piece)) { part in
      if !part.isPadding, sizes[part.file] < part.offset + part.length { isReadable = false }
    }
    return isReadable
  }

  /// Whether a file of the piece has holes, or is packed by its file system.
  func mayBeHole(_ piece: PieceIndex, _ payload: Payload) -> Bool {
    var mayBe = false
    payload.extents.forEachPart(of: payload.range(of: piece)) { part in
      if !part.isPadding, allocated[part.file] < sizes[part.file] { mayBe = true }
    }
    return mayBe
  }

  mutating func note(_ piece: PieceIndex, isGood: Bool, _ payload: Payload) {
    var count = 0
    var last = 0
    payload.extents.forEachPart(of: payload.range(of: piece)) { part in
      guard !part.isPadding else { return }
      count += 1
      last = part.file
      if isGood { hasGoodPiece[part.file] = true }
    }
    if isGood { goodCount += 1 }
    if !isGood, count == 1 { hasOwnBadPiece[last] = true }
  }

  // MARK: Whose it is

  /// Fails when a download would write to a file that is not its own, by any of the two names.
  ///
  /// A file is its own if a piece that touches it is good. One without is foreign, with these exceptions: one that has
  /// no byte but those of holes has nothing to lose; a partial one may be marked as made for this content; and a file
  /// that can't be judged, because each piece it has is shared with another file that may be at fault, is taken for
  /// a damaged or lonely part of this torrent if it has exactly its length and another piece of the torrent is good.
  func refuseForeignFiles(_ payload: Payload) throws(StorageError) {
    let files = payload.info.files
    for file in files.indices where !files.isPadding(file) {
      let (place, remaining) = payload.state.withLock { ($0.files[file].place, $0.files[file].remaining) }
      let isWanted = payload.selection.files[file]
      switch place {
      case .absent:
        // In the place of an empty file.
        if isWanted, sizes[file] > 0 { throw .foreignFile(path: payload.path(of: file)) }
      case .final:
        if isWanted, isForeign(file, payload) { throw .foreignFile(path: payload.path(of: file)) }
        guard remaining > 0, isWanted || payload.isToBeWritten(file) else { continue }
        // It goes on under the partial name, or that one is made beside it.
        try refuseForeignPart(of: file, payload)
      case .partial:
        guard isWanted || payload.isToBeWritten(file), isForeign(file, payload) else { continue }
        if try payload.isHollow(file) { continue }
        if try payload.isMarked(file) { continue }
        throw .foreignFile(path: payload.partialPath(of: file))
      }
    }
  }

  private func isForeign(_ file: Int, _ payload: Payload) -> Bool {
    let length = payload.info.files.length(of: file)
    guard sizes[file] > 0, !hasGoodPiece[file] else { return false }
    return sizes[file] != length || hasOwnBadPiece[file] || goodCount == 0
  }

  /// There is a file under the final name; what has the partial one as well?
  private func refuseForeignPart(of file: Int, _ payload: Payload) throws(StorageError) {
    let name = payload.paths.partialName(of: file)
    try payload.withDirectory(of: file, creating: false) { folder throws(StorageError) in
      guard let status = try payload.status(of: file, named: name, in: folder), status.length > 0 else {
        return
      }
      let (descriptor, _) = try payload.open(file, name, in: folder, .read)
      defer { payload.fileSystem.close(descriptor) }
      if try payload.isHollow(file, descriptor) || payload.isMarked(file, descriptor) { return }
      throw .foreignFile(path: payload.partialPath(of: file))
    }
  }

  // MARK: Room

  /// Fails when what is still to be written doesn't fit the file system. Room that a file has already, written or
  /// not, is not asked for again. O(pieces + files).
  func checkRoom(_ payload: Payload) throws(StorageError) {
    let room = try payload.room()
    let files = payload.info.files
    var missing = [Int](repeating: 0, count: files.count)
    var verified = missing
    payload.state.withLock { state in
      for piece in payload.info.geometry.pieces {
        let isVerified = state.verified.contains(piece)
        guard isVerified || payload.selection.pieces.contains(piece) else { continue }
        payload.extents.forEachPart(of: payload.range(of: piece)) { part in
          if isVerified { verified[part.file] += part.length } else { missing[part.file] += part.length }
        }
      }
    }
    var bytes = 0
    var count = 0
    for file in files.indices where missing[file] > 0 && !files.isPadding(file) {
      bytes += max(0, missing[file] - max(0, allocated[file] - verified[file]))
      if payload.state.withLock({ $0.files[file].place }) == .absent { count += 1 }
    }
    guard bytes <= room.bytes else {
      throw .diskFull(path: payload.rootPath, needed: bytes, free: room.bytes)
    }
    if let free = room.files, free < count { throw .outOfFiles(path: payload.rootPath, free: room.bytes) }
  }
}
