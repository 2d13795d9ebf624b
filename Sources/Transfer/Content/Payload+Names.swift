import Metainfo
import Platform

// Names that are one name to some file systems.
extension Payload {
  /// Fails when the file system takes two of the wanted files for one: it makes no difference between upper and lower
  /// case, or between composed and decomposed letters. What the folder does is found out with the names themselves.
  /// O(files).
  func checkNames() throws(StorageError) {
    var first: [Int: Int] = [:]
    for file in info.files.indices where !info.files.isPadding(file) && selection.files[file] {
      var hasher = Hasher()
      // By way of upper case, so that both forms of a Greek sigma meet. Text hashes as it compares: what is canonically
      // equivalent is equal.
      for name in info.diskPath(of: file) { hasher.combine(name.uppercased().lowercased()) }
      guard let other = first.updateValue(file, forKey: hasher.finalize()) else { continue }
      if try isOne(other, file) { throw .namesCollide(path: path(of: other), other: path(of: file)) }
    }
  }

  private func isOne(_ file: Int, _ other: Int) throws(StorageError) -> Bool {
    let place = state.withLock { $0.files[file].place }
    if place != .absent {
      let own = try identity(of: file, named: name(of: file, at: place))
      let theirs = try identity(of: other, named: name(of: other, at: place))
      return own != nil && own == theirs
    }
    // By a file that is made for it and goes away again.
    defer { removeFolders(of: [file]) }
    let pin = try pinToWrite(file)
    let made = Result { () throws(StorageError) in try status(of: file, pin.descriptor).identity }
    pool.unpin(pin)
    let own = try made.get()
    let theirs = Result { () throws(StorageError) in
      try identity(of: other, named: paths.partialName(of: other))
    }
    try remove(file, ifIt: own)
    return try theirs.get() == own
  }

  /// What has the name in the folder of a file; `nil` when nothing has.
  private func identity(of file: Int, named name: String) throws(StorageError) -> FileIdentity? {
    do throws(StorageError) {
      return try withDirectory(of: file, creating: false) { folder throws(StorageError) in
        try status(of: file, named: name, in: folder)?.identity
      }
    } catch {
      guard error.isLossOfFile else { throw error }
      return nil
    }
  }
}
