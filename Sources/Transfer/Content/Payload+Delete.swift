import Metainfo
import Platform
import Text

// The end of content that nobody wants any more.
extension Payload {
  /// Deletes a torrent's content, as far as it is surely that: looks at what is there first. Nothing, when the folder
  /// isn't there.
  static func delete(
    _ info: Info, in directory: String, for purpose: Purpose, pool: DescriptorPool
  ) throws(StorageError) -> DeletedContent {
    let path = directory.isEmpty ? "." : directory
    guard (try? pool.fileSystem.identity(ofRoot: path)) != nil else { return DeletedContent() }
    let payload = try Payload(info, in: path, for: purpose, pool: pool)
    _ = try payload.survey()
    return payload.delete()
  }

  /// Deletes the files, and then the torrent's folders that are empty. What it has been given up for (`giveUp`) may do
  /// this; it is closed then. Blocks.
  ///
  /// A file is deleted when a piece that touches it has been verified, or when it is a partial one that this program has
  /// made; and nobody has changed it since, or what was right in it is right still. All others stay and are named.
  func delete() -> DeletedContent {
    var result = DeletedContent()
    // All are judged before the first is gone: neighbours share pieces.
    var judged: [(file: Int, identity: FileIdentity)] = []
    for file in info.files.indices where !info.files.isPadding(file) {
      guard state.withLock({ $0.files[file].place }) != .absent else { continue }
      do throws(StorageError) {
        if let identity = try judge(file) { judged.append((file, identity)) }
      } catch { result.keep(currentPath(of: file), error) }
    }
    var deleted: [Int] = []
    for (file, identity) in judged {
      let path = currentPath(of: file)
      do throws(StorageError) {
        try remove(file, ifIt: identity)
        deleted.append(file)
        result.deleted.append(path)
      } catch { result.keep(path, error) }
    }
    removeFolders(of: deleted)
    close()
    return result
  }

  private func currentPath(of file: Int) -> String {
    state.withLock { $0.files[file].place } == .partial ? partialPath(of: file) : path(of: file)
  }

  /// Fails unless the file is this torrent's. `nil` when it isn't there any more.
  private func judge(_ file: Int) throws(StorageError) -> FileIdentity? {
    let place = state.withLock { $0.files[file].place }
    let path = currentPath(of: file)
    let status = try withDirectory(of: file, creating: false) { folder throws(StorageError) in
      try self.status(of: file, named: name(of: file, at: place), in: folder)
    }
    guard let status else { return nil }
    if look(at: file, status) {
      pool.forget(key(of: file))
      for piece in doubted(in: file) where try !isStillRight(piece) { throw .changed(path: path) }
    }
    if info.files.length(of: file) == 0, status.length == 0 { return status.identity }
    let pieces = info.geometry.pieces(touching: info.files.range(of: file))
    if pieces.contains(where: { isVerified(PieceIndex(unchecked: $0)) }) { return status.identity }
    if place == .partial {
      if try isHollow(file) { return status.identity }
      if try isMarked(file) { return status.identity }
    }
    throw .foreignFile(path: path)
  }

  /// Takes away what has the file's name, if it is that very file still.
  func remove(_ file: Int, ifIt identity: FileIdentity) throws(StorageError) {
    let name = name(of: file, at: state.withLock { $0.files[file].place })
    pool.forget(key(of: file))
    try withDirectory(of: file, creating: false) { folder throws(StorageError) in
      guard try status(of: file, named: name, in: folder)?.identity == identity else {
        throw .changed(path: currentPath(of: file))
      }
      try call("unlinkat", file) { () throws(Errno) in try fileSystem.removeFile(name, in: folder) }
    }
    state.withLock { state in
      state.files[file].place = .absent
      state.files[file].stamp = .unknown
    }
  }

  /// The deepest first; one that holds anything else stays.
  func removeFolders(of files: [Int]) {
    var files = files[...]
    var folders: [ArraySlice<String>: Int] = [:]
    while let file = files.popFirst() {
      var folder = paths.directories(of: file)
      while !folder.isEmpty, folders.updateValue(file, forKey: folder) == nil { folder.removeLast() }
    }
    for (folder, file) in folders.sorted(by: { $0.key.count > $1.key.count }) {
      try? withFolder(folder.dropLast(), of: file) { parent throws(StorageError) in
        guard let name = folder.last else { return }
        try call("unlinkat", file) { () throws(Errno) in try fileSystem.removeDirectory(name, in: parent) }
      }
    }
  }
}

extension DeletedContent {
  /// The file stays, and is named with the reason.
  fileprivate mutating func keep(_ path: String, _ error: StorageError) {
    kept.append(Kept(path: path, reason: error.description))
  }
}
