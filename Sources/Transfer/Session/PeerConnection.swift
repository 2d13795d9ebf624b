import Metainfo
import Platform

/// One TCP connection to a peer: the handshake, the framing of messages, and the way of blocks between socket,
/// piece buffers and files. What messages mean is for its handler.
///
/// Lives on the network thread.
final class PeerConnection {
  enum Phase { case connecting, handshaking, open, closed }

  /// Reads and writes that one event may cause, so that a fast peer does not starve the others.
  private static let callsPerEvent = 32
  /// A peer that asks and does not read is not answered beyond this.
  private static let messageBytesAllowed = 1 << 20

  let endpoint: Endpoint
  let isOutgoing: Bool
  private(set) var phase: Phase
  /// The core's name for this connection once the peer has joined.
  var key: PeerKey?
  /// It waits in its torrent's list of those that have something to send.
  var isUnsent = false
  /// The block that is coming in, if one is.
  private(set) var incoming: IncomingBlock?

  private let loop: EventLoop
  private var descriptor: Descriptor?
  private let socket: Int32
  private var registration: Registration?
  private var interest: Interest
  private var deadline: Timer?
  private let handshakeTime: Instant.Span
  private var handler: (any PeerConnectionHandler)?
  private var input = ReceiveBuffer(capacity: 4096)
  private var ahead = ReadAhead()
  private var decoder = FrameDecoder(pieceCount: 0)
  /// Bytes of the stream that are of no use, still to come.
  private var skipping = 0
  private var output = SendQueue()
  private var payload: Payload?

  /// Takes over a socket that is connecting or connected.
  /// - Parameter handshakeTime: for connecting, and again for the handshake.
  init(
    _ descriptor: consuming Descriptor, to endpoint: Endpoint, isOutgoing: Bool, loop: EventLoop,
    handshakeTime: Instant.Span, handler: any PeerConnectionHandler
  ) throws(SystemError) {
    self.endpoint = endpoint
    self.isOutgoing = isOutgoing
    self.loop = loop
    self.handshakeTime = handshakeTime
    self.handler = handler
    socket = descriptor.raw
    self.descriptor = consume descriptor
    phase = isOutgoing ? .connecting : .handshaking
    interest = isOutgoing ? .write : .read
    try Socket.setNoDelay(socket)
    registration = try loop.watch(socket, for: interest) { [unowned self] in ready($0) }
    startDeadline()
  }

  private func startDeadline() {
    cancelDeadline()
    deadline = loop.schedule(after: handshakeTime) { [weak self] in
      guard let self else { return }
      close(phase == .connecting ? "does not answer" : "no handshake in time")
    }
  }

  private func cancelDeadline() {
    if let deadline { loop.cancel(deadline) }
    deadline = nil
  }

  // MARK: What the handler may ask for

  func send(_ handshake: Handshake) {
    output.append(raw: handshake.encoded)
  }

  /// The handshake is done, and its torrent lets it wait: it is heard of again only when it ends.
  func park(handler: any PeerConnectionHandler) {
    cancelDeadline()
    self.handler = handler
  }

  /// The handshake is done: messages of this torrent follow.
  func open(key: PeerKey, pieceCount: Int, payload: Payload, handler: any PeerConnectionHandler) {
    guard phase == .handshaking else { return }
    cancelDeadline()
    self.key = key
    self.payload = payload
    self.handler = handler
    decoder = FrameDecoder(pieceCount: pieceCount)
    phase = .open
  }

  func send(_ message: Message) {
    guard output.messageBytes < Self.messageBytesAllowed else {
      return close("does not read what it asks for")
    }
    output.append(message)
  }

  func send(_ block: BlockSpan) { output.append(block) }

  /// Nothing more is written for the block that is coming in: the rest of it is passed over.
  func dropIncoming() {
    guard let block = incoming else { return }
    incoming = nil
    skipping = block.remaining
    handler?.connection(self, lost: block.raw)
  }

  /// Reads what was already there behind the handshake, once the connection is open.
  func resume() {
    setInterest(.read)
    parse()
  }

  /// Ends the connection, with the reason for the log.
  func close(_ reason: String) {
    guard phase != .closed else { return }
    let before = phase
    phase = .closed
    if let registration { loop.unwatch(registration) }
    registration = nil
    cancelDeadline()
    descriptor = nil
    let handler = handler
    self.handler = nil
    payload = nil
    incoming = nil
    handler?.connection(self, closedIn: before, reason)
  }

  // MARK: Readiness

  private func ready(_ readiness: Readiness) {
    if phase == .connecting { return connected() }
    if readiness.contains(.writable) { flush() }
    if readiness.contains(.readable) || readiness.contains(.hangUp) || readiness.contains(.error) {
      receive()
    }
  }

  private func connected() {
    let error = Socket.connectError(socket)
    guard error == 0 else { return close(Errno(error).description) }
    phase = .handshaking
    startDeadline()
    handler?.connected(self)
    flush()
  }

  // MARK: Receiving

  private func receive() {
    for _ in 0..<Self.callsPerEvent where phase != .closed {
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
    guard let block = incoming else {
      if input.room.isEmpty { input.reserve(input.count + 1) }
      let room = input.room
      let result = Socket.receive(socket, into: room)
      if case .bytes(let count) = result { input.filled(count) }
      return (result, room.count)
    }
    ahead.places.removeAll(keepingCapacity: true)
    handler?.connection(self, placesBehind: block.span, into: &ahead.places)
    let rest = block.room
    let (result, room) = ahead.receive(socket, rest)
    if case .bytes(let count) = result {
      let taken = min(count, rest.count)
      incoming?.received += taken
      finishIncoming()
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
        case .block(let raw)? = try? decoder.decode(UnsafeRawBufferPointer(ahead.header(number)).bytes),
        raw == RawBlock(ahead.places[number].span),
        let place = handler?.connection(self, placeFor: raw),
        place.room.baseAddress == ahead.places[number].room.baseAddress
      else { return ahead.spill(from: number, count: left, into: &input) }
      left -= RawBlock.headerLength
      var block = IncomingBlock(raw: raw, span: place.span, place: place)
      block.received = min(left, block.span.length)
      left -= block.received
      incoming = block
      finishIncoming()
      number += 1
    }
  }

  /// Makes what it can of the bytes that are there.
  private func parse() {
    finishIncoming()
    while phase != .closed, input.count > 0, incoming == nil {
      if skipping > 0 {
        let count = min(skipping, input.count)
        skipping -= count
        input.consume(count)
        continue
      }
      do throws(WireError) {
        guard phase == .open ? try parseMessage() : try parseHandshake() else { return }
      } catch {
        return close("\(error)")
      }
    }
  }

  /// `false`: more bytes are needed.
  private func parseHandshake() throws(WireError) -> Bool {
    guard let handshake = try Handshake.decode(input.bytes) else { return false }
    input.consume(Handshake.length)
    handler?.connection(self, shookHands: handshake)
    if phase == .handshaking {
      // It waits for its torrent, unheard.
      setInterest([])
      return false
    }
    return true
  }

  private func parseMessage() throws(WireError) -> Bool {
    switch try decoder.decode(input.bytes.bytes) {
    case .needsBytes(let count):
      input.reserve(count)
      return false
    case .message(let message, let consumed):
      input.consume(consumed)
      handler?.connection(self, received: message)
    case .unknown(_, let payload):
      input.consume(5)
      skipping = payload
    case .block(let raw):
      input.consume(RawBlock.headerLength)
      begin(raw)
    }
    return true
  }

  private func begin(_ raw: RawBlock) {
    guard let place = handler?.connection(self, placeFor: raw) else {
      skipping = Int(raw.length)
      handler?.connection(self, lost: raw)
      return
    }
    var block = IncomingBlock(raw: raw, span: place.span, place: place)
    let count = min(input.count, block.remaining)
    block.room.copyMemory(from: UnsafeRawBufferPointer(rebasing: input.bytes.prefix(count)))
    block.received = count
    input.consume(count)
    incoming = block
    finishIncoming()
  }

  private func finishIncoming() {
    guard let block = incoming, block.remaining == 0 else { return }
    incoming = nil
    handler?.connection(self, completed: block)
  }

  // MARK: Sending

  /// Sends as much as the socket takes.
  func flush() {
    guard phase == .handshaking || phase == .open else { return }
    for _ in 0..<Self.callsPerEvent {
      guard let item = output.first else { return setInterest(.read) }
      switch sendOnce(item) {
      case .bytes(let count):
        output.advance(count)
        finish(item)
        if phase == .closed { return }
      case .wouldBlock: return setInterest([.read, .write])
      case .closed: return close("closed by the peer")
      case .failed(let error): return close(Errno(error).description)
      }
    }
    setInterest([.read, .write])
  }

  private func sendOnce(_ item: SendQueue.Item) -> IOResult {
    switch item {
    case .bytes:
      return output.withFirstBytes { Socket.send(socket, $0, more: output.hasMore) }
    case .block(let block):
      let sent = output.progress
      if sent < RawBlock.headerLength {
        var header: [UInt8] = []
        header.reserveCapacity(RawBlock.headerLength)
        RawBlock(block).encodePieceHeader(into: &header)
        return header.withUnsafeBytes {
          Socket.send(socket, UnsafeRawBufferPointer(rebasing: $0[sent...]), more: true)
        }
      }
      return sendPayload(of: block, from: sent - RawBlock.headerLength)
    }
  }

  private func sendPayload(of block: BlockSpan, from offset: Int) -> IOResult {
    guard let payload else { return .closed }
    let rest = BlockSpan(
      piece: block.piece, offset: block.offset + offset, length: block.length - offset)
    do {
      return try payload.send(rest, to: socket)
    } catch {
      handler?.connection(self, cannotRead: error)
      return .closed
    }
  }

  private func finish(_ item: SendQueue.Item) {
    switch item {
    case .bytes:
      if output.progress == output.firstBytesCount { output.popFirst() }
    case .block(let block):
      guard output.progress == RawBlock.headerLength + block.length else { return }
      output.popFirst()
      handler?.connection(self, sent: block)
    }
  }

  private func setInterest(_ wanted: Interest) {
    guard wanted != interest, phase != .closed, let registration else { return }
    interest = wanted
    loop.change(registration, to: wanted)
  }
}

/// A block that is coming in, and where it goes.
struct IncomingBlock {
  let raw: RawBlock
  let span: BlockSpan
  let place: BlockPlace
  var received = 0

  var remaining: Int { span.length - received }

  var room: UnsafeMutableRawBufferPointer { UnsafeMutableRawBufferPointer(rebasing: place.room[received...]) }
}

/// Where a block's bytes go.
struct BlockPlace {
  let span: BlockSpan
  /// Keeps `room` alive.
  let buffer: PieceBuffer
  let room: UnsafeMutableRawBufferPointer
  /// The room is not in the piece's own buffer: another peer is sending the same block into that.
  let isAside: Bool
}

/// Who hears of what happens on a connection.
protocol PeerConnectionHandler: AnyObject {
  /// The TCP connection that this side asked for is there.
  func connected(_ connection: PeerConnection)
  func connection(_ connection: PeerConnection, shookHands handshake: Handshake)
  func connection(_ connection: PeerConnection, received message: Message)
  /// The header of a block has come: where do its bytes go? `nil`: nowhere.
  func connection(_ connection: PeerConnection, placeFor raw: RawBlock) -> BlockPlace?
  /// Appends where the blocks go that are expected next from this peer, behind the one that is coming in: at most
  /// `ReadAhead.depth`.
  func connection(
    _ connection: PeerConnection, placesBehind block: BlockSpan, into places: inout [BlockPlace])
  func connection(_ connection: PeerConnection, completed block: IncomingBlock)
  /// A block has come, or is coming, that has no place.
  func connection(_ connection: PeerConnection, lost raw: RawBlock)
  /// A block is with the kernel.
  func connection(_ connection: PeerConnection, sent block: BlockSpan)
  /// A block can't be read from disk: no fault of the peer's.
  func connection(_ connection: PeerConnection, cannotRead error: StorageError)
  func connection(_ connection: PeerConnection, closedIn phase: PeerConnection.Phase, _ reason: String)
}
