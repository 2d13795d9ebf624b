import Metainfo
import Platform

extension Payload {
  /// Sends the first part of a span from its file to a stream, without a copy through this process where the
  /// stream can do that; padding is sent from memory. What can't be read is thrown: that is this side's fault, and
  /// never the peer's.
  func send(_ span: BlockSpan, to stream: any PeerStream) throws(StorageError) -> IOResult {
    let (result, isFile) = try withPart(of: span) { part -> (IOResult?, Bool) in
      guard !part.isPadding else { return (Self.sendZeros(part.length, to: stream), false) }
      return (stream.send(file: part.descriptor, offset: part.offset, count: part.length), true)
    }
    guard let result else { return try sendCopy(of: span, to: stream) }
    guard isFile else { return result }
    switch result {
    case .closed: throw .shortened(path: path(holding: range(of: span).lowerBound))
    case .failed(Errno.inputOutput.code):
      throw .system(
        call: "sendfile", path: path(holding: range(of: span).lowerBound), errno: Errno.inputOutput.code)
    case .bytes, .wouldBlock, .failed: return result
    }
  }

  private func sendCopy(of span: BlockSpan, to stream: any PeerStream) throws(StorageError) -> IOResult {
    var failure: StorageError?
    let result: IOResult = withUnsafeTemporaryAllocation(byteCount: span.length, alignment: 16) { copy in
      do throws(StorageError) {
        try read(span, into: copy)
        return stream.send(UnsafeRawBufferPointer(copy), more: false)
      } catch {
        failure = error
        return .wouldBlock
      }
    }
    if let failure { throw failure }
    return result
  }

  private static func sendZeros(_ count: Int, to stream: any PeerStream) -> IOResult {
    withUnsafeTemporaryAllocation(byteCount: count, alignment: 16) { zeros in
      zeros.initializeMemory(as: UInt8.self, repeating: 0)
      return stream.send(UnsafeRawBufferPointer(zeros), more: false)
    }
  }
}
