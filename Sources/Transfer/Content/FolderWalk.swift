import Metainfo

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Goes through the folders of a torrent's files in order, and keeps the one open that the last file was in: most
/// often the next file is in the same, and below a folder that is missing nothing needs to be looked for.
struct FolderWalk: ~Copyable {
  private let payload: Payload
  private let root: DescriptorPool.Pin
  private var reader: PathReader
  /// The folder of the last file; -1 for the root or none.
  private var folder: Int32 = -1
  /// Folders below the root that lead to the last file.
  private var depth = 0
  private var isFirst = true
  /// How many of these lead to the first that is missing; `nil` when none is.
  private var missing: Int?

  init(_ payload: Payload) throws(StorageError) {
    self.payload = payload
    reader = PathReader(payload.info.files)
    root = try payload.withRoot { _ throws(StorageError) in
      guard let pin = payload.pool.pin(payload.rootKey) else { throw .closed }
      return pin
    }
  }

  deinit {
    if folder >= 0 { payload.fileSystem.close(folder) }
    payload.pool.unpin(root)
  }

  /// The file's folder, open until the next call; `nil` when there is none.
  mutating func folder(of file: Int) throws(StorageError) -> Int32? {
    reader.read(file)
    // The torrent's own folder is above all of them.
    let above = payload.info.isSingleFile ? 0 : 1
    let count = reader.components.count - 1 + above
    let shared = isFirst ? 0 : reader.sharedFolders + above
    defer { isFirst = false }
    if let missing, shared >= missing { return nil }
    if missing == nil, !isFirst, shared == count, depth == count {
      return count == 0 ? root.descriptor : folder
    }
    return try enter(file, above: above, count: count)
  }

  private mutating func enter(_ file: Int, above: Int, count: Int) throws(StorageError) -> Int32? {
    leave()
    depth = count
    missing = nil
    for level in 0..<count {
      let name = level < above ? payload.info.name.name : reader.component(level - above)
      let parent = folder < 0 ? root.descriptor : folder
      do throws(StorageError) {
        let next = try payload.openDirectory(name, in: parent, of: file)
        leave()
        folder = next
      } catch {
        guard case .system(_, _, ENOENT) = error else { throw error }
        missing = level + 1
        return nil
      }
    }
    return count == 0 ? root.descriptor : folder
  }

  private mutating func leave() {
    if folder >= 0 { payload.fileSystem.close(folder) }
    folder = -1
  }
}
