import Metainfo
import Platform

/// One connection to a peer: leads bytes between its stream, the dialect that understands them, piece buffers and
/// files. What messages mean is for its handler.
///
/// Lives on the network thread. This file is its life; receiving and sending have files of their own.
final class PeerConnection {
  enum Phase { case connecting, handshaking, open, closed }

  /// Writes that one event may cause, so that a fast peer does not starve the others.
  static let writesPerEvent = 32
  /// Reads, of up to 128 KiB each. What they bring is answered with new requests after the event: no more than half of a full
  /// window, so that the peer has the other half to send meanwhile.
  static let readsPerEvent = 8
  /// A peer that asks and does not read is not answered beyond this.
  private static let messageBytesAllowed = 1 << 20

  let endpoint: Endpoint
  let isOutgoing: Bool
  private(set) var phase: Phase
  /// The core's name for this connection once the peer has joined.
  private(set) var key: PeerKey?
  /// It waits in its torrent's list of those that have something to send.
  var isUnsent = false
  /// The block that is coming in, if one is. Nothing is in `input` meanwhile.
  var incoming: IncomingBlock?

  let stream: any PeerStream
  private(set) var handler: (any PeerConnectionHandler)?
  var dialect = PeerDialect()
  var input = ReceiveBuffer(capacity: 4096)
  var ahead = ReadAhead()
  var output = SendQueue()
  private(set) var payload: Payload?
  /// The stream takes no more for the moment.
  var isBlocked = false { didSet { if isBlocked != oldValue { updateInterest() } } }

  /// What is to be sent next is being read, or looked at, on another thread.
  var isAwaitingDisk = false
  /// Bytes of the content that the system had in its cache when it was asked last.
  var warm = 0..<0
  /// It has just been looked at, and is sent however long the answer took to come.
  var isPrepared = false

  let loop: EventLoop
  private var interest: Interest
  private var deadline: Timer?
  private let handshakeTime: Instant.Span

  /// Takes over a stream that is connecting, if this side has asked for it, or connected.
  /// - Parameter handshakeTime: for connecting, and again for the handshake.
  init(
    _ stream: any PeerStream, to endpoint: Endpoint, isOutgoing: Bool, loop: EventLoop,
    handshakeTime: Instant.Span, handler: any PeerConnectionHandler
  ) throws(SystemError) {
    self.stream = stream
    self.endpoint = endpoint
    self.isOutgoing = isOutgoing
    self.loop = loop
    self.handshakeTime = handshakeTime
    self.handler = handler
    phase = isOutgoing ? .connecting : .handshaking
    interest = isOutgoing ? .write : .read
    try stream.open(for: interest) { [unowned self] in ready($0) }
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

  func send(_ handshake: Handshake) { output.append(handshake) }

  func send(_ message: Message) {
    guard output.messageBytes < Self.messageBytesAllowed else {
      return close("does not read what it asks for")
    }
    output.append(message)
  }

  func send(_ block: BlockSpan) { output.append(block) }

  /// The handshake is done, and its torrent lets it wait: it is heard of again when it ends, or after `open` and
  /// `resume`.
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
    dialect.open(pieceCount: pieceCount)
    phase = .open
  }

  /// Reads what was already there behind the handshake, once the connection is open.
  func resume() {
    updateInterest()
    parse()
  }

  /// Nothing more is written for the block that is coming in: the rest of it is passed over.
  func dropIncoming() {
    guard let block = incoming else { return }
    incoming = nil
    dialect.abandonBlock()
    handler?.connection(self, lost: block.raw)
  }

  /// Ends the connection, with the reason for the log.
  func close(_ reason: String) {
    guard phase != .closed else { return }
    let before = phase
    phase = .closed
    stream.close()
    cancelDeadline()
    let handler = handler
    self.handler = nil
    payload = nil
    handler?.connection(self, closedIn: before, reason)
    incoming = nil
  }

  // MARK: Readiness

  private func ready(_ readiness: Readiness) {
    if phase == .connecting { return connected() }
    if readiness.contains(.writable) { flush() }
    let hasEnded = readiness.contains(.hangUp) || readiness.contains(.error)
    if dialect.isHeld {
      // What it has sent before it went is of no use to anybody.
      if hasEnded { close("closed by the peer") }
    } else if readiness.contains(.readable) || hasEnded {
      receive()
    }
  }

  private func connected() {
    let error = stream.connectError()
    guard error == 0 else { return close(Errno(error).description) }
    phase = .handshaking
    startDeadline()
    handler?.connected(self)
    flush()
    updateInterest()
  }

  /// Whoever is held is not read from: what it sends waits in the kernel.
  func updateInterest() {
    var wanted: Interest = dialect.isHeld ? [] : .read
    if isBlocked { wanted.insert(.write) }
    guard wanted != interest, phase != .closed, phase != .connecting else { return }
    interest = wanted
    stream.change(to: wanted)
  }
}
