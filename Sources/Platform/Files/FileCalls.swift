/// The system calls by which an `AtomicFile` changes a disk, so that a test can let any of them fail or be the
/// last.
package protocol FileCalls: Sendable {
  /// Opens a file for writing that was not there.
  func create(_ path: String, mode: UInt32) throws(Errno) -> Int32
  /// Marks the file as in use for as long as the descriptor is open. `false` when it is somebody else's by now.
  func claim(_ descriptor: Int32) -> Bool
  /// Writes some of the bytes, and answers how many.
  func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) throws(Errno) -> Int
  /// Gives the open file the permissions of another, and its owner where that is allowed.
  func copyAttributes(of path: String, to descriptor: Int32) throws(Errno)
  func sync(_ descriptor: Int32) throws(Errno)
  func close(_ descriptor: Int32)
  /// Gives a file a second name, which must be free.
  func link(_ path: String, to new: String) throws(Errno)
  /// Gives a file another name, in place of whatever has it.
  func rename(_ path: String, to new: String) throws(Errno)
  func remove(_ path: String)
  /// Makes names in a folder durable. Some file systems can't.
  func syncFolder(_ path: String)
}
