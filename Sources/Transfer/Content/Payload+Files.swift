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
  static func openRoot(
    _ path: String, makes: Bool, _ fileSystem: any FileSystem
  ) throws(StorageError) -> Int32 {
    do throws(Errno) { return try fileSystem.openRoot(path) } catch {
      guard error.code == ENOENT, makes else {
        throw .system(call: "open", path: path, errno: error.code)
      }
    }
    do throws(Errno) {
      try makeRoot(path, fileSystem)
      return try fileSystem.openRoot(path)
    } catch { throw .system(call: "mkdir", path: path, errno: error.code) }
  }

  /// With the directories above it.
  private static func makeRoot(_ path: String, _ fileSystem: any FileSystem) throws(Errno) {
    do throws(Errno) { return try fileSystem.makeRoot(path) } catch {
      if error.code == EEXIST { return }
      guard error.code == ENOENT else { throw error }
    }
    let parent = path.split(separator: "/").dropLast().joined(separator: "/")
    guard !parent.isEmpty else { throw Errno(ENOENT) }
    try makeRoot(path.hasPrefix("/") ? "/" + parent : parent, fileSystem)
    try fileSystem.makeRoot(path)
  }

  func path(of file: Int) -> String { paths.path(of: file, in: rootPath) }

  /// Opens the folder of a file, making what is missing of it if asked to, for the length of `body`.
  func withDirectory<R>(
    of file: Int, creating: Bool, _ body: (Int32) throws(StorageError) -> R
  ) throws(StorageError) -> R {
    var directory = root
    defer { if directory != root { fileSystem.close(directory) } }
    for name in paths.directories(of: file) {
      let next = try opening(file) { () throws(Errno) in
        do throws(Errno) { return try fileSystem.openDirectory(name, in: directory) } catch {
          guard error.code == ENOENT, creating else { throw error }
        }
        do throws(Errno) { try fileSystem.makeDirectory(name, in: directory) } catch {
          // Another thread was faster.
          guard error.code == EEXIST else { throw error }
        }
        return try fileSystem.openDirectory(name, in: directory)
      }
      if directory != root { fileSystem.close(directory) }
      directory = next
    }
    return try body(directory)
  }

  /// Opens a regular file; the descriptor is the caller's.
  func open(_ file: Int, _ name: String, in directory: Int32, _ mode: OpenMode) throws(StorageError) -> Int32
  {
    let descriptor = try opening(file) { () throws(Errno) in
      try fileSystem.openFile(name, in: directory, mode)
    }
    do throws(StorageError) {
      let status = try call("fstat", file) { () throws(Errno) in try fileSystem.status(of: descriptor) }
      guard status.kind == .regular else { throw StorageError.notAFile(path: path(of: file)) }
      return descriptor
    } catch {
      fileSystem.close(descriptor)
      throw error
    }
  }

  // MARK: The descriptor of a file

  /// An open descriptor of the file, which stays open until `unpin`.
  /// - Parameter creating: whether a file that is not there is made, under its partial name.
  func pin(_ file: Int, creating: Bool) throws(StorageError) -> Int32 {
    let (present, place) = try state.withLock { state throws(StorageError) -> (Int32?, Place) in
      if state.descriptors.isClosed { throw .closed }
      return (state.descriptors.pin(file), state.files[file].place)
    }
    if let present { return present }
    let opened = try open(file, at: place, creating: creating)
    let (descriptor, surplus) = state.withLock { state in
      if creating, state.files[file].place == .absent { state.files[file].place = .partial }
      return state.descriptors.insert(opened, for: file)
    }
    if let surplus { fileSystem.close(surplus) }
    return descriptor
  }

  func unpin(_ file: Int) {
    if let surplus = state.withLock({ $0.descriptors.unpin(file) }) { fileSystem.close(surplus) }
  }

  private func open(_ file: Int, at place: Place, creating: Bool) throws(StorageError) -> Int32 {
    try withDirectory(of: file, creating: creating) { directory throws(StorageError) in
      if place == .final { return try open(file, paths.finalName(of: file), in: directory, .read) }
      let mode: OpenMode = purpose == .seeding ? .read : creating ? .create : .readWrite
      return try open(file, paths.partialName(of: file), in: directory, mode)
    }
  }

  // MARK: Calls

  /// Gives the error of a call its place.
  func call<R>(_ name: String, _ file: Int, _ body: () throws(Errno) -> R) throws(StorageError) -> R {
    do throws(Errno) { return try body() } catch { throw self.error(error, of: name, file) }
  }

  /// As `call`, for one that opens: at the limit of descriptors it is tried again with fewer of our own.
  private func opening(_ file: Int, _ body: () throws(Errno) -> Int32) throws(StorageError) -> Int32 {
    while true {
      do throws(Errno) { return try body() } catch {
        guard error.code == EMFILE || error.code == ENFILE,
          let spare = state.withLock({ $0.descriptors.evict() })
        else { throw self.error(error, of: "openat", file) }
        fileSystem.close(spare)
      }
    }
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
      var free = 0
      do throws(Errno) { free = try fileSystem.freeSpace(root) } catch {
        return .system(call: call, path: path, errno: ENOSPC)
      }
      return .diskFull(path: path, needed: state.withLock { $0.missingBytes }, free: free)
    case ELOOP:
      return .symbolicLink(path: path)
    case EISDIR:
      return .notAFile(path: path)
    default:
      return .system(call: call, path: path, errno: error.code)
    }
  }
}
