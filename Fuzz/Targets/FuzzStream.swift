import Metainfo
import Transfer

/// Any bytes as what a peer sends, from its handshake on. The first byte says how large the torrent is, the second where
/// the stream is cut, which must not matter; messages come back from their encoding, and no more is asked to be kept than
/// the longest message has.
func fuzzStream(_ bytes: [UInt8]) {
  guard bytes.count > 2 else { return }
  let pieceCount = 1 + Int(bytes[0]) * 37
  let stream = Array(bytes.dropFirst(2))
  let whole = hear(stream, pieceCount, step: stream.count)
  precondition(whole == hear(stream, pieceCount, step: 1 + Int(bytes[1]) % 40))
  precondition(whole == hear(stream, pieceCount, step: 1))
}

private enum Heard: Equatable {
  case event(PeerDialect.Event)
  case payload([UInt8])
  case error(WireError)
}

private func hear(_ stream: [UInt8], _ pieceCount: Int, step: Int) -> [Heard] {
  let longest = FrameDecoder(pieceCount: pieceCount).longestMessage
  var dialect = PeerDialect()
  var heard: [Heard] = []
  var waiting: [UInt8] = []
  for start in stride(from: 0, to: stream.count, by: max(1, step)) {
    waiting += stream[start..<min(stream.count, start + step)]
    while true {
      var consumed = 0
      let event: PeerDialect.Event?
      do throws(WireError) { event = try dialect.next(in: waiting.span.bytes, consumed: &consumed) } catch {
        return heard + [.error(error)]
      }
      precondition((0...waiting.count).contains(consumed))
      precondition((1...longest).contains(dialect.needed))
      precondition((0...PieceGeometry.blockLength).contains(dialect.payloadLeft))
      switch event {
      case .payload(let count)?:
        let part = Array(waiting[consumed - count..<consumed])
        if case .payload(let before)? = heard.last {
          heard[heard.count - 1] = .payload(before + part)
        } else {
          heard.append(.payload(part))
        }
      case .handshake(let handshake)?:
        precondition(dialect.isHeld)
        precondition((try? Handshake.decode(handshake.encoded)) == handshake)
        heard.append(.event(.handshake(handshake)))
        dialect.open(pieceCount: pieceCount)
      case .message(let message)?:
        check(message, pieceCount)
        heard.append(.event(.message(message)))
      case .block(let raw)?:
        precondition((1...UInt32(PieceGeometry.blockLength)).contains(raw.length))
        heard.append(.event(.block(raw)))
      case let event?: heard.append(.event(event))
      case nil: break
      }
      waiting.removeFirst(consumed)
      if event == nil { break }
    }
  }
  return heard
}

private func check(_ message: Message, _ pieceCount: Int) {
  let encoded = message.encoded
  guard
    case .message(let again, let length)? = try? FrameDecoder(pieceCount: pieceCount).decode(
      encoded.span.bytes)
  else { preconditionFailure("own encoding is refused") }
  precondition(again == message && length == encoded.count)
}
