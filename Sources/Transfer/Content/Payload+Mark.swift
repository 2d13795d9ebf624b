import Metainfo
import Platform

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// By what a partial file is known to be a download's own, before it holds a piece that proves it.
extension Payload {
  /// What a partial file of this content is marked with: the digest of its pieces' digests. It depends on the content
  /// alone, so that the same file of another torrent goes on as well. O(pieces of the file).
  private func mark(of file: Int) -> [UInt8] {
    let pieces = info.geometry.pieces(touching: info.files.range(of: file))
    let digests = info.pieceHashes[pieces.lowerBound * InfoHash.length..<pieces.upperBound * InfoHash.length]
    let digest = SHA1.digest(of: digests)
    return digest.indices.map { digest[$0] }
  }

  /// Marks a partial file that has just been made, where the file system has a place for that.
  func mark(_ file: Int, _ descriptor: Int32) throws(StorageError) {
    do throws(Errno) { try fileSystem.setMark(mark(of: file), of: descriptor) } catch {
      // Without one the pieces in it must prove whose it is.
      if error.code == EIO { throw .system(call: "fsetxattr", path: path(of: file), errno: EIO) }
    }
  }

  /// Whether the file of this partial name was made for this content. What is there before the first byte is written,
  /// and a shared piece of which the neighbour's bytes are missing, prove nothing by themselves.
  func isMarked(_ file: Int, _ descriptor: Int32) -> Bool {
    fileSystem.mark(of: descriptor) == mark(of: file)
  }

  func isMarked(_ file: Int) throws(StorageError) -> Bool {
    let pin = try pin(file)
    defer { pool.unpin(pin) }
    return isMarked(file, pin.descriptor)
  }

  /// Whether the file has no byte but those of holes.
  func isHollow(_ file: Int, _ descriptor: Int32) throws(StorageError) -> Bool {
    try call("lseek", file) { () throws(Errno) in try fileSystem.nextData(descriptor, from: 0) } == nil
  }

  func isHollow(_ file: Int) throws(StorageError) -> Bool {
    let pin = try pin(file)
    defer { pool.unpin(pin) }
    return try isHollow(file, pin.descriptor)
  }

  func partialPath(of file: Int) -> String {
    let path = path(of: file)
    let folder = path.utf8.count - paths.finalName(of: file).utf8.count
    return String(decoding: path.utf8.prefix(folder), as: UTF8.self) + paths.partialName(of: file)
  }
}
