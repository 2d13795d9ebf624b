import Glibc
import Metainfo

extension Payload {
  /// Sends the first part of a span from its file to a socket, without a copy through this process; padding is
  /// sent from memory. What can't be read is thrown: that is this side's fault, and never the peer's.
  func send(_ span: BlockSpan, to socket: Int32) throws(StorageError) -> IOResult {
    let (result, isFile) = try withPart(of: span) { part in
      guard !part.isPadding else { return (Self.sendZeros(part.length, to: socket), false) }
      return (
        Socket.sendFile(socket, file: part.descriptor, offset: part.offset, count: part.length), true
      )
    }
    guard isFile else { return result }
    switch result {
    case .closed: throw .shortened(path: path(holding: span))
    case .failed(EIO): throw .system(call: "sendfile", path: path(holding: span), errno: EIO)
    case .bytes, .wouldBlock, .failed: return result
    }
  }

  private func path(holding span: BlockSpan) -> String {
    let start = info.geometry.offset(of: span.piece) + span.offset
    return extents.part(at: start, before: start + span.length).map { path(of: $0.file) } ?? rootPath
  }

  private static func sendZeros(_ count: Int, to socket: Int32) -> IOResult {
    withUnsafeTemporaryAllocation(byteCount: count, alignment: 16) { zeros in
      zeros.initializeMemory(as: UInt8.self, repeating: 0)
      return Socket.send(socket, UnsafeRawBufferPointer(zeros))
    }
  }
}
