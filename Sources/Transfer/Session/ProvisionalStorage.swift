import Glibc
import Metainfo

// PROVISIONAL: whoever lands Sources/Transfer/Storage deletes this file, keeping what the session calls:
// Payload(seeding:from:), Payload(downloading:into:overwritesForeignFiles:), examine(isCancelled:_:), store(_:_:),
// send(_:to:), close(), StorageError.isForeignFile.
struct StorageError: Error, CustomStringConvertible {
  var isForeignFile: Bool { false }
  var description: String
}

final class Payload: Sendable {
  let fds: [Int32]
  let info: Info
  init(seeding info: Info, from root: String) throws(StorageError) {
    self.info = info
    fds = info.files.indices.map {
      Glibc.open(([root] + info.diskPath(of: $0)).joined(separator: "/"), O_RDONLY)
    }
    if fds.contains(-1) { throw StorageError(description: "open: file missing") }
  }
  init(downloading info: Info, into root: String, overwritesForeignFiles: Bool) throws(StorageError) {
    self.info = info
    mkdir(root, 0o755)
    fds = info.files.indices.map {
      let path = info.diskPath(of: $0)
      for depth in 1..<path.count where depth < path.count {
        mkdir(([root] + path.prefix(depth)).joined(separator: "/"), 0o755)
      }
      return Glibc.open(([root] + path).joined(separator: "/"), O_RDWR | O_CREAT, 0o644)
    }
    if fds.contains(-1) { throw StorageError(description: "open: failed") }
  }
  func examine(isCancelled: () -> Bool, _ found: (PieceIndex, Bool) -> Void) throws(StorageError) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: info.geometry.pieceLength, alignment: 64)
    defer { buffer.deallocate() }
    for piece in info.geometry.pieces {
      var at = 0
      for span in spans(BlockSpan(piece: piece, offset: 0, length: info.geometry.length(of: piece))) {
        _ = pread(fds[span.file], buffer.baseAddress! + at, span.length, span.offset)
        at += span.length
      }
      let digest = SHA1.digest(of: UnsafeRawBufferPointer(rebasing: buffer.prefix(at)))
      found(piece, info.hash(of: piece).elementsEqual(digest.indices.map { digest[$0] }))
    }
  }
  private func spans(_ block: BlockSpan) -> [FileLayout.Span] {
    let start = info.geometry.offset(of: block.piece) + block.offset
    return info.layout.spans(of: start..<start + block.length)
  }
  func store(_ piece: PieceIndex, _ bytes: UnsafeRawBufferPointer) throws(StorageError) -> [Int] {
    var at = 0
    for span in spans(BlockSpan(piece: piece, offset: 0, length: bytes.count)) {
      _ = pwrite(fds[span.file], bytes.baseAddress! + at, span.length, span.offset)
      at += span.length
    }
    return []
  }
  func send(_ block: BlockSpan, to socket: Int32) throws(StorageError) -> IOResult {
    let span = spans(block)[0]
    return Socket.sendFile(socket, file: fds[span.file], offset: span.offset, count: span.length)
  }
  func close() { for fd in fds { Glibc.close(fd) } }
}
