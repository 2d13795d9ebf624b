/// Reading a file whole.
package enum FileContents {
  /// Why there are no bytes.
  package enum Failure: Error, Hashable, Sendable {
    case system(call: String, Errno)
    /// A folder, a pipe or a device.
    case notAFile(FileStatus.Kind)
    /// More bytes than the limit; how many, if that is known.
    case tooLarge(Int?)
  }

  /// The bytes of a regular file. Nothing else is read, so that a pipe or device can neither block nor go on for
  /// ever. O(bytes).
  package static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
    // A path with a NUL would name another file than the one shown.
    guard !path.utf8.contains(0) else { throw .system(call: "open", .noEntry) }
    let descriptor: Descriptor
    do throws(Errno) { descriptor = try SystemFile.open(path, .read) } catch {
      throw .system(call: "open", error)
    }
    let status: FileStatus
    do throws(Errno) { status = try FileStatus(of: descriptor.raw) } catch {
      throw .system(call: "fstat", error)
    }
    guard status.kind == .regular else { throw .notAFile(status.kind) }
    guard status.length <= limit else { throw .tooLarge(status.length) }
    return try readAll(descriptor.raw, expected: status.length, limit: limit)
  }

  /// Everything up to the end, which must come within `limit` bytes. O(bytes).
  package static func readAll(
    _ descriptor: Int32, expected: Int = 0, limit: Int
  ) throws(Failure) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(expected)
    var chunk = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count: Int
      do throws(Errno) {
        count = try chunk.withUnsafeMutableBytes { buffer in
          Result { () throws(Errno) in try SystemFile.read(descriptor, into: buffer) }
        }.get()
      } catch {
        throw .system(call: "read", error)
      }
      guard count > 0 else { return bytes }
      guard bytes.count + count <= limit else { throw .tooLarge(nil) }
      bytes += chunk[..<count]
    }
  }
}
