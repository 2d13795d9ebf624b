import Metainfo
import Platform

/// From the stream into the dialect, and payload into its place.
extension PeerConnection {
  func receive() {
    for _ in 0..<Self.readsPerEvent where phase != .closed && !dialect.isHeld {
      let (result, room) = receiveOnce()
      switch result {
      case .bytes(let count):
        parse()
        if count < room { return }
      case .wouldBlock: return
      case .closed: return close("closed by the peer")
      case .failed(let error): return close(Errno(error).description)
      }
    }
  }

  /// One call: into the buffer for messages, or into the block that is coming in and those that follow it.
  private func receiveOnce() -> (result: IOResult, room: Int) {
    guard let (span, rest) = incoming.map({ ($0.span, $0.room) }) else {
      if input.room.isEmpty { input.reserve(input.count + 1) }
      let room = input.room
      let result = stream.receive(into: room)
      if case .bytes(let count) = result { input.filled(count) }
      return (result, room.count)
    }
    ahead.places.removeAll(keepingCapacity: true)
    handler?.connection(self, placesBehind: span, into: &ahead.places)
    let (result, room) = ahead.receive(stream, rest)
    if case .bytes(let count) = result {
      let taken = min(count, rest.count)
      dialect.placed(taken)
      received(taken)
      distribute(count - taken)
    }
    return (result, room)
  }

  /// Takes the bytes behind the block that was coming in for what they were expected to be, as far as they are.
  private func distribute(_ count: Int) {
    var left = count
    var number = 0
    while left > 0 {
      guard phase == .open, left >= RawBlock.headerLength, number < ahead.places.count,
        case let raw = RawBlock(ahead.places[number].span),
        dialect.begins(raw, with: UnsafeRawBufferPointer(ahead.header(number)).bytes)
      else { return ahead.spill(from: number, count: left, into: &input) }
      left -= RawBlock.headerLength
      begin(raw)
      guard let room = incoming?.room, room.baseAddress == ahead.places[number].room.baseAddress else {
        // What has come in the same read has changed what this block is good for.
        return ahead.spill(from: number, behindHeader: true, count: left, into: &input)
      }
      let taken = min(left, room.count)
      left -= taken
      dialect.placed(taken)
      received(taken)
      number += 1
    }
  }

  /// Makes what it can of the bytes that are there.
  func parse() {
    while phase != .closed, input.count > 0 {
      var consumed = 0
      let event: PeerDialect.Event?
      do throws(WireError) {
        event = try dialect.next(in: input.bytes.bytes, consumed: &consumed)
      } catch { return close("\(error)") }
      if case .payload(let count) = event, let block = incoming {
        block.room.copyMemory(
          from: UnsafeRawBufferPointer(rebasing: input.bytes[consumed - count..<consumed]))
      }
      input.consume(consumed)
      guard let event else {
        if !dialect.isHeld { input.reserve(dialect.needed) }
        break
      }
      perform(event)
    }
    // Nobody else sees to what a handshake brings before the peer has joined.
    if phase == .handshaking {
      flush()
      updateInterest()
    }
  }

  private func perform(_ event: PeerDialect.Event) {
    switch event {
    case .greeting(let infoHash): handler?.connection(self, asksFor: infoHash)
    case .handshake(let handshake): handler?.connection(self, shookHands: handshake)
    case .message(let message): handler?.connection(self, received: message)
    case .block(let raw): begin(raw)
    case .payload(let count): received(count)
    }
  }

  private func begin(_ raw: RawBlock) {
    guard let place = handler?.connection(self, placeFor: raw) else {
      dialect.abandonBlock()
      handler?.connection(self, lost: raw)
      return
    }
    incoming = IncomingBlock(raw: raw, place: place)
  }

  /// So many bytes more of the block that is coming in are in their place.
  private func received(_ count: Int) {
    guard var block = incoming.take() else { return }
    block.received += count
    guard block.remaining == 0 else { return incoming = block }
    handler?.connection(self, completed: block)
  }
}
