@testable import Platform

/// The system's calls, and a note of each.
final class NotingFileCalls: FileCalls {
  private let system = SystemFileCalls()
  private let notes = Lock<[String]>([])

  var made: [String] { notes.withLock { $0 } }

  private func note(_ call: String) { notes.withLock { $0.append(call) } }

  func create(_ path: String, mode: UInt32) throws(Errno) -> Int32 {
    note("create")
    return try system.create(path, mode: mode)
  }

  func claim(_ descriptor: Int32) -> Bool { system.claim(descriptor) }

  func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) throws(Errno) -> Int {
    note("write")
    return try system.write(bytes, to: descriptor)
  }

  func copyAttributes(of path: String, to descriptor: Int32) throws(Errno) {
    note("copy attributes")
    try system.copyAttributes(of: path, to: descriptor)
  }

  func sync(_ descriptor: Int32) throws(Errno) {
    note("sync")
    try system.sync(descriptor)
  }

  func close(_ descriptor: Int32) { system.close(descriptor) }

  func link(_ path: String, to new: String) throws(Errno) {
    note("link")
    try system.link(path, to: new)
  }

  func rename(_ path: String, to new: String) throws(Errno) {
    note("rename")
    try system.rename(path, to: new)
  }

  func remove(_ path: String) {
    note("remove")
    system.remove(path)
  }

  func syncFolder(_ path: String) {
    note("sync folder")
    system.syncFolder(path)
  }
}
