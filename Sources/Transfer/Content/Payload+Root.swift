import Metainfo
import Platform

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// The folder that everything happens below.
extension Payload {
  var rootKey: DescriptorPool.Key { DescriptorPool.Key(holder: holder, file: -1) }

  static func openRoot(_ path: String, makes: Bool, _ pool: DescriptorPool) throws(StorageError) -> Int32 {
    let fileSystem = pool.fileSystem
    do throws(Errno) { return try opening(pool) { () throws(Errno) in try fileSystem.openRoot(path) } } catch
    {
      guard error.code == ENOENT, makes else {
        throw .system(call: "open", path: path, errno: error.code)
      }
    }
    do throws(Errno) {
      try makeRoot(path, fileSystem)
      return try opening(pool) { () throws(Errno) in try fileSystem.openRoot(path) }
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

  /// The root's descriptor, opened again when it had to make room for others: never another folder that has its path.
  func withRoot<R>(_ body: (Int32) throws(StorageError) -> R) throws(StorageError) -> R {
    let pin: DescriptorPool.Pin
    if let open = pool.pin(rootKey) { pin = open } else { pin = try openRootAgain() }
    defer { pool.unpin(pin) }
    return try body(pin.descriptor)
  }

  private func openRootAgain() throws(StorageError) -> DescriptorPool.Pin {
    if isClosed { throw .closed }
    let descriptor: Int32
    do throws(Errno) {
      descriptor = try Self.opening(pool) { () throws(Errno) in try fileSystem.openRoot(rootPath) }
    } catch {
      throw error.code == ENOENT || error.code == ENOTDIR
        ? .rootMissing(path: rootPath) : .system(call: "open", path: rootPath, errno: error.code)
    }
    let identity: FileIdentity
    do throws(Errno) { identity = try fileSystem.status(of: descriptor).identity } catch {
      fileSystem.close(descriptor)
      throw .system(call: "fstat", path: rootPath, errno: error.code)
    }
    guard identity == rootIdentity else {
      fileSystem.close(descriptor)
      throw .rootMissing(path: rootPath)
    }
    return pool.insert(descriptor, for: rootKey)
  }

  /// Fails unless the root's path still leads to the folder that it led to at the start.
  func checkRoot() throws(StorageError) {
    do throws(Errno) {
      if try fileSystem.identity(ofRoot: rootPath) == rootIdentity { return }
    } catch {
      guard error.code == ENOENT || error.code == ENOTDIR else {
        throw .system(call: "stat", path: rootPath, errno: error.code)
      }
    }
    throw .rootMissing(path: rootPath)
  }

  /// At the limit of descriptors a call that opens is tried again with fewer of our own.
  static func opening(_ pool: DescriptorPool, _ body: () throws(Errno) -> Int32) throws(Errno) -> Int32 {
    while true {
      do throws(Errno) { return try body() } catch {
        guard error.code == EMFILE || error.code == ENFILE, pool.evict() else { throw error }
      }
    }
  }
}
