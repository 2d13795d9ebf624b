import Metainfo
import Platform

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// Opening, by one component at a time, and what a failed call means.
extension Payload {
  func path(of file: Int) -> String { paths.path(of: file, in: rootPath) }

  /// The path of the file that holds a byte of the content.
  func path(holding position: Int) -> String {
    extents.part(at: position, before: position + 1).map { path(of: $0.file) } ?? rootPath
  }

  func key(of file: Int) -> DescriptorPool.Key {
    DescriptorPool.Key(holder: holder, file: Int32(truncatingIfNeeded: file))
  }

  /// Opens the folder of a file, making what is missing of it if asked to, for the length of `body`.
  func withDirectory<R>(
    of file: Int, creating: Bool, _ body: (Int32) throws(StorageError) -> R
  ) throws(StorageError) -> R {
    try withFolder(paths.directories(of: file), of: file, creating: creating, body)
  }

  /// As above, for one of the folders on the way to a file.
  func withFolder<R>(
    _ names: ArraySlice<String>, of file: Int, creating: Bool = false,
    _ body: (Int32) throws(StorageError) -> R
  ) throws(StorageError) -> R {
    try withRoot { root throws(StorageError) in
      var directory = root
      defer { if directory != root { fileSystem.close(directory) } }
      for name in names {
        let next = try openDirectory(name, in: directory, of: file, creating: creating)
        if directory != root { fileSystem.close(directory) }
        directory = next
      }
      return try body(directory)
    }
  }

  /// Opens one folder on the way to a file; the descriptor is the caller's.
  func openDirectory(
    _ name: String, in directory: Int32, of file: Int, creating: Bool = false
  ) throws(StorageError) -> Int32 {
    try opening(file) { () throws(Errno) in
      do throws(Errno) { return try fileSystem.openDirectory(name, in: directory) } catch {
        guard error.code == ENOENT, creating else { throw error }
      }
      do throws(Errno) { try fileSystem.makeDirectory(name, in: directory) } catch {
        // Another thread was faster.
        guard error.code == EEXIST else { throw error }
      }
      return try fileSystem.openDirectory(name, in: directory)
    }
  }

  /// Opens a regular file; the descriptor is the caller's.
  func open(
    _ file: Int, _ name: String, in directory: Int32, _ mode: OpenMode
  ) throws(StorageError) -> (descriptor: Int32, status: FileStatus) {
    let descriptor = try opening(file) { () throws(Errno) in
      try fileSystem.openFile(name, in: directory, mode)
    }
    do throws(StorageError) {
      let status = try status(of: file, descriptor)
      guard status.kind == .regular else { throw StorageError.notAFile(path: path(of: file)) }
      return (descriptor, status)
    } catch {
      fileSystem.close(descriptor)
      throw error
    }
  }

  func status(of file: Int, _ descriptor: Int32) throws(StorageError) -> FileStatus {
    try call("fstat", file) { () throws(Errno) in try fileSystem.status(of: descriptor) }
  }

  /// What has the name in a folder; `nil` when nothing has. Fails when it is no regular file.
  func status(of file: Int, named name: String, in directory: Int32) throws(StorageError) -> FileStatus? {
    let status: FileStatus
    do throws(Errno) { status = try fileSystem.status(of: name, in: directory) } catch {
      if error.code == ENOENT { return nil }
      throw self.error(error, of: "fstatat", file)
    }
    switch status.kind {
    case .regular: return status
    case .symlink: throw .symbolicLink(path: path(of: file))
    default: throw .notAFile(path: path(of: file))
    }
  }

  /// The name that the file has at the moment.
  func name(of file: Int, at place: Place) -> String {
    place == .final ? paths.finalName(of: file) : paths.partialName(of: file)
  }

  // MARK: The descriptor of a file

  /// An open descriptor of a file that is there, which stays open until it is given back to the pool.
  func pin(_ file: Int) throws(StorageError) -> DescriptorPool.Pin {
    if let pin = pool.pin(key(of: file)) { return pin }
    let place = try state.withLock { state throws(StorageError) -> Place in
      if state.use.phase == .closed { throw .closed }
      return state.files[file].place
    }
    let (descriptor, status) = try withDirectory(of: file, creating: false) {
      directory throws(StorageError) in
      try open(
        file, name(of: file, at: place), in: directory,
        purpose == .seeding || place == .final ? .read : .readWrite)
    }
    // Of one that is being written whoever writes it knows more.
    if purpose == .seeding || place == .final { look(at: file, status) }
    return pool.insert(descriptor, for: key(of: file))
  }

  /// As `pin`, for a file that is to be written: it is made when it is not there.
  func pinToWrite(_ file: Int) throws(StorageError) -> DescriptorPool.Pin {
    if isClosed { throw .closed }
    let place = state.withLock { $0.files[file].place }
    guard place == .absent else { return try pin(file) }
    let (descriptor, status) = try withDirectory(of: file, creating: true) { directory throws(StorageError) in
      do throws(StorageError) {
        return try make(file, in: directory)
      } catch {
        // Whoever has made it in the meantime has bytes to lose.
        if case .system(_, _, EEXIST) = error { throw .foreignFile(path: partialPath(of: file)) }
        throw error
      }
    }
    state.withLock { state in
      state.files[file].place = .partial
      state.files[file].stamp = FileStamp(status)
    }
    return pool.insert(descriptor, for: key(of: file))
  }

  private func make(
    _ file: Int, in directory: Int32
  ) throws(StorageError) -> (descriptor: Int32, status: FileStatus) {
    let (descriptor, _) = try open(
      file, paths.partialName(of: file), in: directory, overwrites ? .create : .createNew)
    do throws(StorageError) {
      try mark(file, descriptor)
      return (descriptor, try status(of: file, descriptor))
    } catch {
      fileSystem.close(descriptor)
      throw error
    }
  }

  // MARK: Calls

  /// Gives the error of a call its place.
  func call<R>(_ name: String, _ file: Int, _ body: () throws(Errno) -> R) throws(StorageError) -> R {
    do throws(Errno) { return try body() } catch { throw self.error(error, of: name, file) }
  }

  /// As `call`, for one that opens: at the limit of descriptors it is tried again with fewer of our own.
  private func opening(_ file: Int, _ body: () throws(Errno) -> Int32) throws(StorageError) -> Int32 {
    try call("openat", file) { () throws(Errno) in try Self.opening(pool, body) }
  }

  /// As `call`, for one that may be interrupted.
  func repeating<R>(_ name: String, _ file: Int, _ body: () throws(Errno) -> R) throws(StorageError) -> R {
    var attempts = 0
    while true {
      do throws(Errno) { return try body() } catch {
        // A disk does not say "try again", but some network file systems have; not for ever.
        attempts += 1
        guard error.code == EINTR || (error.code == EAGAIN && attempts < 1_000) else {
          throw self.error(error, of: name, file)
        }
      }
    }
  }

  private func error(_ error: Errno, of call: String, _ file: Int) -> StorageError {
    let path = path(of: file)
    switch error.code {
    case ENOSPC:
      guard let room = try? room() else { return .system(call: call, path: path, errno: ENOSPC) }
      // What makes a file or a folder needs no bytes to speak of.
      if call == "openat", room.files == 0, room.bytes > 0 {
        return .outOfFiles(path: path, free: room.bytes)
      }
      return .diskFull(path: path, needed: state.withLock { $0.missingBytes }, free: room.bytes)
    case ELOOP:
      return .symbolicLink(path: path)
    case EISDIR:
      return .notAFile(path: path)
    default:
      return .system(call: call, path: path, errno: error.code)
    }
  }

  /// What fits the file system.
  func room() throws(StorageError) -> DiskRoom {
    try withRoot { root throws(StorageError) in
      do throws(Errno) { return try fileSystem.room(root) } catch {
        throw .system(call: "statvfs", path: rootPath, errno: error.code)
      }
    }
  }
}
