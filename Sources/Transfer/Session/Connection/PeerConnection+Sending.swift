import Metainfo
import Platform

/// From the queue into the stream.
extension PeerConnection {
  /// Sends as much as the stream takes.
  func flush() {
    guard phase == .handshaking || phase == .open else { return }
    for _ in 0..<Self.callsPerEvent {
      guard let item = output.first else {
        isBlocked = false
        return
      }
      switch sendOnce(item) {
      case .bytes(let count):
        if let block = output.advance(count) { handler?.connection(self, sent: block) }
        if phase == .closed { return }
      case .wouldBlock:
        isBlocked = true
        return
      case .closed: return close("closed by the peer")
      case .failed(let error): return close(Errno(error).description)
      }
    }
    // The stream would take more; others have their turn first.
    isBlocked = true
  }

  private func sendOnce(_ item: SendQueue.Item) -> IOResult {
    switch item {
    case .bytes(let count):
      return output.withBytes(count) { stream.send($0, more: output.hasMore) }
    case .block(let block):
      let sent = output.progress
      guard sent < RawBlock.headerLength else {
        return sendPayload(of: block, from: sent - RawBlock.headerLength)
      }
      return RawBlock(block).pieceHeader.span.bytes.withUnsafeBytes {
        stream.send(UnsafeRawBufferPointer(rebasing: $0[sent...]), more: true)
      }
    }
  }

  private func sendPayload(of block: BlockSpan, from offset: Int) -> IOResult {
    guard let payload else { return .closed }
    let rest = BlockSpan(
      piece: block.piece, offset: block.offset + offset, length: block.length - offset)
    do {
      return try payload.send(rest, to: stream)
    } catch {
      handler?.connection(self, cannotRead: error)
      return .closed
    }
  }
}
