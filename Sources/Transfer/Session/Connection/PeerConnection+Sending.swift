import Metainfo
import Platform

/// From the queue into the stream.
extension PeerConnection {
  /// Sends as much as the stream takes.
  func flush() {
    guard phase == .handshaking || phase == .open, !isAwaitingDisk else { return }
    for _ in 0..<Self.writesPerEvent {
      guard let item = output.first else {
        isBlocked = false
        return
      }
      if case .block(let block) = item, output.progress == 0, !isReady(block) { return }
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

  /// Whether a block can be sent at once. If not, nothing is sent until the handler has seen to it.
  private func isReady(_ block: BlockSpan) -> Bool {
    defer { isPrepared = false }
    if let payload, !isPrepared, !payload.isReady(block, at: loop.now, warm: &warm) {
      isAwaitingDisk = true
      isBlocked = false
      handler?.connection(self, awaits: block)
      return false
    }
    return true
  }

  /// The block that is next is ready, or its piece is lost and it is left out.
  func diskAnswered() {
    guard isAwaitingDisk else { return }
    isAwaitingDisk = false
    if case .block(let block)? = output.first, let payload, !payload.isVerified(block.piece) {
      output.dropFirstBlock()
      handler?.connection(self, cannotSend: block)
    } else {
      isPrepared = true
    }
    flush()
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
